/** Questions with hyphens, figures, capitals and signs that name nothing: none of their words may be taken for a name that is unknown. */
export const harmlessSentences: readonly string[] = `
est-ce que tout va bien ce matin ?
y a-t-il eu des échecs hier ?
combien d'échecs a-t-on eus le week-end dernier ?
donne-moi les échecs d'hier
dis-moi combien d'échecs hier
montre-les-moi pour hier, les échecs
peux-tu me dire combien d'échecs hier ?
peut-être des échecs hier soir ?
qu'est-ce qui a planté cette nuit ?
celui-ci est-il en échec ?
les échecs de celles-là hier
combien d'échecs ces jours-ci ?
les échecs de ce mois-ci
combien d'échecs avant-hier ?
combien d'échecs hier après-midi ?
échecs de l'après-midi
les échecs en mi-journée hier
quel est le run-time moyen hier ?
échecs sur 7 jours glissants
top-5 des erreurs hier
le top 10 des erreurs de la semaine
le top-3 des pipelines en échec
nos flux tournent 24h/24, combien d'échecs hier ?
on surveille 7j/7, des échecs hier ?
on surveille 24/7, des échecs hier ?
j'ai reçu un e-mail, combien d'échecs hier ?
combien de re-run hier ?
combien d'échecs entre 8h et 10h30 hier ?
échecs hier de 8h-12h
échecs du 22/11 au 25/11
échecs du 22-11-2026
échecs le 2026-11-25
échecs depuis le 25/11/2026 10:30
échecs au S47
échecs au T3
échecs au 3e trimestre
échecs du 1er novembre
échecs du 2ème jour du mois
le p95 des durées hier
durée > 10min hier
exécutions de plus de 2h30 hier
exécutions de plus de 1,5 h hier
plus de 50 % d'échecs hier ?
taux d'échec > 10% hier ?
au moins 3 échecs hier
quels flux ont échoué 2-3 fois hier ?
combien d'échecs hier, s'il vous plaît, c.-à-d. en tout ?
combien d'échecs hier, p.ex. par techno ?
la sous-traitance demande combien d'échecs hier
le sous-total des échecs d'hier
la mise-à-jour a-t-elle causé des échecs hier ?
c'est-à-dire combien d'échecs hier ?
vis-à-vis d'avant-hier, combien d'échecs hier ?
aujourd'hui, combien d'échecs ?
quelques-uns ont-ils échoué hier ?
lui-même a-t-il échoué hier ?
combien d'échecs, elles-mêmes relancées, hier ?
combien d'échecs et/ou d'annulations hier ?
succès/échecs par jour
échecs par jour/semaine
jour-à-jour, combien d'échecs ?
combien d'échecs J-1 ?
échecs à J-2
OK, combien d'échecs hier ?
combien de KO hier ?
combien d'échecs pour le SLA hier ?
les KPI d'hier
les KPIs d'hier
URGENT : combien d'échecs hier ?
RAS ce matin ?
FYI, combien d'échecs hier ?
SVP combien d'échecs hier
le PDG demande combien d'échecs hier
la DSI demande combien d'échecs hier
COMBIEN D'ÉCHECS HIER ?
QUELS PIPELINES ONT ÉCHOUÉ HIER ?
combien d'échecs en non-prod hier ?
combien d'échecs en pré-prod hier ?
échecs multi-technos hier
échecs inter-équipes hier
le post-mortem d'hier
un aller-retour, combien d'échecs hier ?
combien d'échecs en temps-réel ?
combien d'échecs au-delà de 3 heures hier ?
combien d'échecs au-dessus de 10 minutes hier ?
combien d'exécutions ci-dessous 10 minutes hier ?
quelqu'un a-t-il vu des échecs hier ?
presque-échecs d'hier
combien d'échecs hier !!!
combien d'échecs hier ???
combien d'échecs hier :-)
combien d'échecs (hier) ?
combien d'échecs [hier] ?
combien d'échecs "hier" ?
hier… combien d'échecs ?
combien d'échecs hier – et aujourd'hui ?
combien d'échecs hier — en tout ?
vingt-deux échecs hier ?
combien d'échecs depuis trente-six heures ?
nos mi-temps comptent combien d'échecs hier ?
des co-échecs hier ?
l'auto-relance a-t-elle marché hier ?
des micro-coupures hier ?
la semaine 47, combien d'échecs ?
les 30 derniers jours, combien d'échecs ?
les 24 dernières heures, combien d'échecs ?
how many failures over the week-end?
what's the run-time of yesterday?
how many re-runs yesterday?
7-day failures
failures in a 7-day window
30-day failure rate
24-hour failures
top-5 errors yesterday
top-10 failing pipelines yesterday
we run 24/7, any failures yesterday?
24x7 monitoring: any failures yesterday?
I got an e-mail: how many failures yesterday?
any follow-up on yesterday's failures?
any self-service failures yesterday?
long-running jobs yesterday
slow-running pipelines yesterday
end-to-end failures yesterday
month-to-date failures
year-to-date failures
week-over-week failures
day-by-day failures last week
hour-by-hour failures yesterday
up-to-date figures of yesterday's failures
so-called failures yesterday
high-level summary of yesterday
low-priority failures yesterday
real-time failures yesterday
near-real-time failures yesterday
on-premise failures yesterday
cross-team failures yesterday
non-prod failures yesterday
pre-prod failures yesterday
post-mortem of yesterday's failures
back-to-back failures yesterday
one-off failures yesterday
well-known errors yesterday
built-in summary of yesterday
time-out failures yesterday
data-driven failures yesterday
business-critical failures yesterday
failed-job count yesterday
per-pipeline failures yesterday
multi-day failures last week
pass/fail yesterday
success/failure counts yesterday
and/or failures yesterday
failures between 8:00 and 10:30 yesterday
failures from 8am to 10pm yesterday
failures from 8-10am yesterday
failures at 3pm yesterday
failures on Nov 25th
failures on 2026-11-25T10:00
failures on 11/25/2026
failures in Q3
failures in week 47
failures in W47
p95 duration yesterday
p99 of the durations yesterday
runs over 1.5h yesterday
runs longer than 2h30 yesterday
runs over 10min yesterday
more than 3 failures yesterday
2-3 failures yesterday?
more than 50% failures yesterday?
failures yesterday, e.g. by techno
failures yesterday, i.e. all of them
failures yesterday a.k.a. the bad day
the CEO asks: how many failures yesterday?
ASAP please: how many failures yesterday?
the SLA of yesterday's runs
KPIs of yesterday
ETA of the failures yesterday?
HOW MANY FAILURES YESTERDAY?
WHICH PIPELINES FAILED YESTERDAY?
how many P1 failures yesterday?
how many sev1 failures yesterday?
how many B2B failures yesterday?
v2 failures yesterday
twenty-two failures yesterday?
a two-day window of failures
a half-day of failures
don't we have failures yesterday?
what's-his-name asks: failures yesterday?
failures yesterday :)
failures (yesterday)
failures yesterday!!!
ok/ko counts yesterday
failures yesterday w/o retries
mid-week failures
early-morning failures yesterday
last-minute failures yesterday
nightly-batch failures yesterday
`
  .trim()
  .split("\n");
