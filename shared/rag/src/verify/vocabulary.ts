import type { Language } from "@flow-rag/contracts";

/**
 * The words in which runs may be spoken of: function words, and the verbs and nouns of a report. A word that is neither here nor in what is
 * true could bring in a cause, an advice, a name or somebody else's instruction, none of which a figure proves. A star stands for endings.
 */
const words: Record<Language, string> = {
  fr: `
a à au aux avec avait avaient avoir ait ayant ayait aussi autre autres afin ainsi alors ailleurs actuellement après aucun aucune assez
c ce ceci cela celui celle celles ceux ces cet cette chacun chacune chez comme comment contre ci
d dans de des depuis dernier derniers dernière dernières dès deux deuxième dont du durant désormais d'abord abord
elle elles en ensuite entre enfin est et était étaient étant été être eu eut ensemble également
fait faire font fin fut furent fini finissent
hors hier heure heures
ici il ils instant
j jour jours je journée jusqu jusque juste
l la là le les leur leurs lors lorsque lui là-dessus
m mais même mêmes moment moments mois matin matinée minute minutes mieux midi
n ne ni non nombre nombreux nombreuses nous nuit notamment
on ont or ou où
par parmi pas pendant peu plus plusieurs pour pourcentage pourcent cent plutôt premier première premiers premières près précédent précédente puis principalement principal principale principaux principales partie période périodes précise précisément part parts
qu que quel quelle quelles quels qui quoi quant
rien reste restent restant restante
s sa sans se selon ses si soir soit sont son sous sur surtout suite suivant suivante suivants suivantes seconde secondes semaine semaines soirée
t tandis tard tête tout total totale totaux totalise totalisent totalisant tant tel telle
un une 
vers voici voilà vu vue vus vues vient viennent
y
échec* échou* erreur* exécut* run runs job jobs pipeline* flux techno* technologie* environnement* statut* signature* message* plant* panne* ko ok
succès réuss* abouti* annul* saut* avertissement* inconnu* cours terminé* terminent terminer interrompu*
taux durée durées médian* moyen* maximum minimum maximal* minimal* p95 centile record valeur* chiffre*
enregistr* donnée données compl* attente indexation indexée indexées écarté*
concern* touch* affect* compt* concentr* représent* regroup* répart* réparti* répartis réparties constitu* correspond*
observ* constat* relev* apparaît apparaissent apparu* survenu* survien* produit* produis* reproduit* rencontr* recens* dénombr* signal* détect* noter noté notée notés notées note
montr* affich* cumul* porte portent compris comprise comprend inclus inclut incluant
arriv* situ* trouv* passe passé passée passés passées passent passage passages lancement* traitement* tourn* démarr* lancé* dure durent duré duraient
liste listés détail détails suit suivent suivi* ordre rang place positions classement palmarès
erreur contenant contient contiennent texte cité* exemple exemples indiqu* intitulé libellé libellés
hausse baisse stable* augment* diminu* recul* progress* inchang* identique* égal* davantage moins écart différence différent* distinct* évolution tendance contre veille
fois reprises reprise consécutif consécutifs consécutive consécutives affilée rangée
fenêtre zone locale local heure europe
bilan résumé synthèse point situation récapitulatif global globale globalement
quotidien* matinal* nocturne hebdomadaire mensuel*
surtout majoritairement pire pires lent* rapide* long* court* plus`,
  en: `
a about above across after all along also altogether although am among amongst an and another any are as at away
be been before began begin began being below between both but by
came can come count counts counted counting current currently
data date day days did do does done down during daily didn doesn don
 earlier either else end ended ending ends 
few final finally first firstly followed following follows for from full
gave give gives go goes got
had happened has have having here hour hours how however hasn haven hadn
i in include included includes including into is it its isn
just
last lasted lasting lasts late later latest latter least left list listed local
made main mainly many mean meaning minute minutes moment month months more moreover morning most mostly much
namely near neither night no noon none nor not noted now number numbers 
occurred occurring occurs occurrence occurrences of off on once onto or order other others otherwise our out over overall own
part parts per percent percentage period periods place point points previous previously
quarter
rank ranked ranking ranks recorded recent remaining remain remains rest row respectively
same saw second secondly seconds see seen set several share shared shares show showed shown shows since single some such sum summary
than that the their them then there these they third this those though through time times timed to together top took total totaled totalled totalling totals touched
under until up upon us used 
value values via very
was we week weeks weekend were what when where whereas which while who whose with within without window wasn weren
 you
fail* error* crash* succe* pass passed passing ok healthy cancel* skip* warning* unknown progress status* broke broken
run runs running ran execution* executed job jobs pipeline* flow flows techno* technolog* tech techs environment* signature* message*
rate rates duration* median average maximum minimum longest shortest slowest fastest p95 percentile long longer short
affect* account* accounted concern* concentrat* represent* spread split distribut* group* hit hits involv* cover* caught
observ* report* reported register* note notes found finish* complet* start* appear* reach* contain* quot* say says said read reads
incomplete pending waiting indexed indexing aside
up down rise rose increase* decrease* higher lower fewer less unchanged stable equal compared versus against
consecutive row streak twice once worst leading lead leads tops mostly chiefly example examples instance text
day's yesterday's today's week's europe zone`,
};

type Vocabulary = { readonly whole: ReadonlySet<string>; readonly starts: readonly string[] };
const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();

function vocabularyOf(text: string): Vocabulary {
  const all = plain(text)
    .split(/[\s'-]+/)
    .filter((word) => word !== "");
  return {
    whole: new Set(all.filter((word) => !word.endsWith("*"))),
    starts: all.filter((word) => word.endsWith("*")).map((word) => word.slice(0, -1)),
  };
}
const vocabularies: Record<Language, Vocabulary> = { fr: vocabularyOf(words.fr), en: vocabularyOf(words.en) };

/** Whether a folded word may stand in any text of a language. */
export function isPlainWord(language: Language, word: string): boolean {
  const { whole, starts } = vocabularies[language];
  return whole.has(word) || starts.some((start) => word.startsWith(start) && word.length <= start.length + 7);
}
