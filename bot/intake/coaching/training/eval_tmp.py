import json,sys,collections
from pathlib import Path
from bot.intake.coaching.reading import read as _read
from bot.intake.coaching.names import plain_names
N=plain_names()
from bot.intake.coaching.wordfile import word_lists
L=word_lists()
def read(t,f='requirement'): return _read(t,L,f,names_in=N)
F=Path('bot/intake/coaching/training')
AUTH=[1,2,3,4,5,6,7,8,9,10]
def rows():
    for n in AUTH:
        for l in open(F/f'coaching_{n}.jsonl'):
            r=json.loads(l); r['a']=n; yield r
ROWS=list(rows())
def ev(rule,fn,fields=None,show=False,authors=None):
    tot=collections.Counter()
    for a in AUTH:
        c=collections.Counter()
        for r in ROWS:
            if r['a']!=a: continue
            y=rule in r['defects']
            p=(fields is None or r['field'] in fields) and any(s.speaks_for for s in fn(read(r['text'],r['field'])))
            c['tp']+=y and p; c['fp']+=p and not y; c['fn']+=y and not p
            if show and y!=p: print('FP' if p else 'FN',r['id'],r['field'],r['text'],[ (s.kind,r['text'][s.start:s.end]) for s in fn(read(r['text'],r['field']))], r['defects'])
        tot+=c
        print(a,'P %.2f R %.2f'%(c['tp']/max(1,c['tp']+c['fp']),c['tp']/max(1,c['tp']+c['fn'])),dict(c),end=' ; ')
    c=tot
    print('\nALL',rule,'P %.3f R %.3f'%(c['tp']/max(1,c['tp']+c['fp']),c['tp']/max(1,c['tp']+c['fn'])),dict(c))

from bot.intake.coaching.features import features,masked
from bot.text.training import train
def vocab(rs):
    c=collections.Counter(w for r in rs for w in set(masked(r)) if w[0].isalpha())
    return frozenset(w for w,n in c.items() if n>=3)
_READ={}
def rd(r):
    if r['id'] not in _READ: _READ[r['id']]=read(r['text'],r['field'])
    return _READ[r['id']]
def loao(rule,fn,fields,strength=60.0,thr=0.5,show=False,gate=False,authors=AUTH,feat=features):
    rows=[r for r in ROWS if r['field'] in fields and (not gate or any(s.speaks_for for s in fn(rd(r))))]
    missed=[r for r in ROWS if r['field'] in fields and gate and rule in r['defects'] and not any(s.speaks_for for s in fn(rd(r)))]
    tot=collections.Counter(); allp=[]
    for a in authors:
        tr=[r for r in rows if r['a']!=a]; te=[r for r in rows if r['a']==a]
        v=vocab([rd(r) for r in tr])
        m=train([(feat(rd(r),fn(rd(r)),v),'yes' if rule in r['defects'] else 'no') for r in tr],v,strength)
        c=collections.Counter()
        for r in te:
            p=m.probabilities(feat(rd(r),fn(rd(r)),v))['yes']; y=rule in r['defects']
            allp.append((p,y,r))
            q=p>=thr
            c['tp']+=y and q; c['fp']+=q and not y; c['fn']+=y and not q
            if show and q!=y: print('FP' if q else 'FN','%.2f'%p,r['id'],r['field'],r['text'][:150],[s.kind for s in fn(rd(r))])
        c['fn']+=sum(r['a']==a for r in missed)
        tot+=c
        print(a,'P %.2f R %.2f'%(c['tp']/max(1,c['tp']+c['fp']),c['tp']/max(1,c['tp']+c['fn'])),end=' ; ')
    c=tot
    print('\nALL model',rule,'P %.3f R %.3f'%(c['tp']/max(1,c['tp']+c['fp']),c['tp']/max(1,c['tp']+c['fn'])),dict(c))
    return allp
def curve(allp,ths=(0.3,0.35,0.4,0.45,0.5,0.55,0.6)):
    for t in ths:
        tp=sum(y and p>=t for p,y,_ in allp); fp=sum(p>=t and not y for p,y,_ in allp); fn=sum(y and p<t for p,y,_ in allp)
        print('  t',t,'P %.3f R %.3f'%(tp/max(1,tp+fp),tp/max(1,tp+fn)))
