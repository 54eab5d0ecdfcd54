"""How the coach reads an answer: signs in the words, and small trained models that weigh them."""
