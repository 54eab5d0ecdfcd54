"""Reading what people type: cleaning, comparing and classifying text. Pure; knows no feature."""
