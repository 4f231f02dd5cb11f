const set = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Words of questions, French and English, folded: none of them is taken for the name of a pipeline or techno by itself. */
export const commonWords = set(`
port ports sqlstate errno contain whose mention mentions mentioned mentioning mentionne mentionnent
plutot rather sorry pardon desole desolee voulais voulait parlais parlait meant mean filtre filtres filter filters confondu confondus confondue confondues davantage detaille
detient detenir sortir ait aient aurait auraient devrait devraient du porte portent known connue connues recurrente recurrents recurrentes frequence frequency cote nouveautes nouveaute inedite inedites inedit inedits zero mot mots word words liee liees lie prioritaire prioritaires priorites priorite concentrer focus urgent urgente urgents urgentes pointe peak busiest stopped stop longer record calme quiet reste ete fiabilite seen maintenant now enleve enlever retire retirer exclut
eleve eleves elevee elevees haut haute bas basse higher lower greater above below over appear appears always systematiquement systematically consistently constamment dernierement lately flaky stp dessus dessous superieur superieure inferieur inferieure nom noms name names named nomme nommes commence commencent commencant start starts starting begin begins beginning finit finissent ends ending saw periode periodes stade epoque meme memes same tellement carrement vraiment really actually toujours chacun chacune each
mensuelle mensuels mensuelles hebdomadaires differents differente differentes appel arrivee arrivees signifie mean means veulent far glissant glissants glissante chaque ci least less fewer finish finishes counting existe existent exist exists monitored tracked surveilles surveille reviennent revient persistent persiste recurrent hit hits blew blown blow explose exploded requete requetes queries query modele modeles model models script scripts compter degrade degrade ameliore ameliorent inaccessible inaccessibles
didn doesn hasn haven isn aren wasn weren won don couldn wouldn shouldn hadn re ve ll ayant etant trois quatre cinq sept huit neuf dix onze douze quinze vingt three four five seven eight nine ten twelve twenty main went wrong going depasse depasses depassee depassent depassant exceed exceeds exceeded verification verifications disponibilite uptime availability courant courante courants courantes apparues apparu lieu mieux remonte remontent contre right reliable unreliable cloche clochent robuste robustes robust max maximum maximale maximal maximales min minimum minimale minimal minimales consecutif consecutifs consecutives consecutive consecutivement affilee streak streaks row vert verte ras signaler rec fais faites pourriez pourrait pourrions peuvent
distinct distincts distincte distinctes unique uniques suivez suis suivis connais connaissez mis met mettent mettre pris rade carafe vrac
choux tombe tombes tombee tombees tomber merde merder contiennent wich whch plz pls longer shorter plante crashe crashes planté chronophage chronophages longtemps
point points hormis except excepte excluding exclude exclu exclus exclure part dehors exception other apart aside besides ignorer ignorant
a ai as au aux avec c ca ce cela celle celles celui ces cet cette ceux chez comme d dans de des donc dont du elle elles en encore
entre est et eu eux il ils j je l la le les leur leurs lors lui m ma mais me mes meme memes mien moi moins mon n ne ni nos notre nous
on ou par parmi pas pendant plus pour qu quand que quel quelle quelles quels qui quoi s sa sans se ses si soit son sont sous sur t ta
te tes toi tous tout toute toutes tres trop tu un une vers voici voila vos votre vous y ete etait etaient etre avoir avait ont as avons
avez suis es sommes etes fait faire faut peux peut pouvez peuvent pourrais dois doit va vais vont vient viennent alors aussi autre autres
aucun aucune bien beaucoup combien comment deja depuis derniere dernieres dernier derniers jamais jusqu maintenant parce pourquoi premier
premiere premiers premieres presque quelque quelques seulement uniquement juste souvent surtout toujours suite lequel laquelle lesquels
the all avg an and any everything anything something are at be been being but by can could did do does doing down during each every few for from further get give go had has
have having he her here hers him his how i if in into is it its just like me more most my no nor not now of off once only or other our
out over own same she should so some such than that their them then there these they this those through to too under until up us very
was we were what when where which while who whom why will with would you your yours please svp stp plait merci thanks thank okay ok hello
hi hey bonjour bonsoir salut coucou yes oui non et vs versus per via within without since before after ago about around between against
again ever never yet still already also both either neither many much often once last first latest recent recents recente recentes
pipeline pipelines job jobs flux flow flows dag dags traitement traitements tache taches task tasks process processus workflow workflows
techno technos technologie technologies technology tech techs outil outils tool tools stack application applications app apps
run runs execution executions executes execute executer lancement lancements passage passages build builds check checks projet projets
project projects repo repos repository site sites environnement environnements environment environments env envs enregistrement
enregistrements record records donnee donnees data base bases base source sources resultat resultats result results
echec echecs eche eches echcs ehcec ehcecs failues failur faild echoue echouee echoues echouees echouer echouent echouaient erreur erreurs error errors fail fails failed failing failure
failures plante plantes plantee plantees planter plantent plantage plantages casse cassee casses cassees crash crashes crashed crashing
broken broke break breaks ko probleme problemes problem problems issue issues incident incidents souci soucis bug bugs anomalie anomalies
succes reussi reussie reussis reussies reussite reussites reussir reussissent success successes successful successfully succeed succeeded
passed passe passes passee passees termine termines terminee terminees ended finished completed fini finis cours running progress attente waiting
annule annulee annules annulees cancelled canceled cancel ignore ignores ignoree ignorees skipped saute sautes sautee sautees skip
avertissement avertissements warning warnings inconnu inconnus inconnue inconnues unknown statut statuts status state states etat etats
taux rate rates pourcentage percentage percent proportion ratio part parts nombre number count counts total totals compte compter comptez
liste lister listes listing list show display montre montrer montrez affiche afficher donne donner donnez dis dire dites tell say
top pire pires worst best meilleur meilleurs principal principale principales principaux frequent frequents frequente frequentes
frequently common commun communs communes important importants importante importantes majeur majeurs
compare comparer comparez compared comparing comparison comparaison rapport difference differences different ecart evolution evolutions
evolue evoluent evolve tendance tendances trend trends trending over time courbe historique history progression augmente augmentent
augmentation baisse baissent hausse increase increased increasing decrease decreased decreasing progressé
long longs longue longues longest lent lents lente lentes slow slower slowest rapide rapides fast fastest duree durees duration durations
dure durent temps mediane median medians moyenne moyennes moyen average mean p50 p95 p90 p99 50e 90e 95e 99e 95eme 90eme 99eme 95th 90th 99th percentile percentiles centile runtime
runtimes takes take took taken prend prennent pris
manque manquent manquant manquants manquante manquantes manquer absent absents absente absentes missing missed miss tourne tournes tournee
tourner tournent tournait ran lance lances lancee lancees lancer demarre demarres demarrer start started starts starting commence
commencent began begin begun planifie planifies scheduled expected attendu attendus prevu prevus
explique expliquer expliquez explain explains cause causes caused causer raison raisons reason reasons root diagnostic diagnostique diagnose
similaire similaires semblable semblables similar pareil pareille pareils pareilles vu vus vue vues seen see saw ressemble ressemblent
ressemblant identique identiques identical alike happen happened happens happening arrive arrives arriver arrivent produit produits
va vas bilan resume resumer summary overview synthese sante health healthy point situation general global globale overall aide help
quotidien quotidienne quotidiens journalier hebdomadaire mensuel daily weekly monthly hourly
jour jours journee journees day days semaine semaines week weeks mois month months annee annees an ans year years heure heures hour hours
minute minutes min seconde secondes second seconds matin matinee soir soiree nuit midi minuit morning evening night afternoon noon
midnight tonight today yesterday tomorrow hier demain aujourd hui avant apres weekend end fin debut milieu trimestre trimestres quarter
quarters semestre prochain prochaine next previous precedent precedente precedents current actuel actuelle actuellement currently
recemment recently lately moment instant fois times
marche marchent fonctionne fonctionnent work works working worked up good bad fine mal correct correctement properly
cherche chercher trouve trouver trouves search find found look looking recherche rechercher contient contenant contenu containing contains
message messages texte text type types genre code codes signature signatures concerne concernes concernee concernees concernant
concerned affected affecte affectes touche touches touchee touchees impacte impactes impacted involved lie lies related
nouveau nouveaux nouvelle nouvelles new apparu apparue apparus appeared inclus compris included except excepte sauf hors excluding
veux veut voudrais aimerais want need besoin sais savoir know connais connaitre chose choses thing things quelqu info infos information
informations detail details lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday saturday sunday
janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre january february march april may june july august
september october november december donc alors ainsi bref voir svp parmi actuelle encore nombreux nombreuse fiable fiables instable instables
exact exacts exacte precis possible possibles rien tellement ca cb nb nbre fiabilite volume volumetrie
apparait apparaissent apparition occurrence occurrences quoi neuf classement ranking palmares liste recap recapitulatif etat
produisent survient surviennent survenu survenus survenues survenue occurred occur occurs rencontre rencontres rencontree encounter
encountered avaient avons hs rouge rouges red green vert silencieux silent habitude usual habituel habituelle habituellement
usually normalement normal normally ordre tri trie sorted croissant decroissant interessant genere genera generated
donc alors ainsi bref voir svp parmi selon according grouped groupe groupes group groups grouper repartition
breakdown distribution split detaille detail ventilation ventile split
`);

/** Technologies of data platforms: named in a question and absent from the data, they are unknown technos and not passed over. */
export const knownTechnologies = set(`
airflow spark pyspark kafka dbt talend informatica nifi snowflake databricks hadoop hive flink beam glue redshift bigquery oracle postgres
postgresql mysql mariadb mongodb mongo sqlserver ssis kubernetes docker jenkins python java scala shell bash powershell sap salesforce azure
aws gcp datastage odi fivetran airbyte stitch matillion dagster prefect luigi oozie sqoop pentaho maven gradle npm ant yarn pip cassandra
elasticsearch redis rabbitmq teradata presto trino athena synapse dataflow composer argo camel mulesoft boomi control-m autosys http
perl ruby php rust golang node nodejs lambda emr kettle knime alteryx qlik tableau powerbi looker
`);
