import json,sys,collections
from pathlib import Path
from bot.intake.coaching.reading import read
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
