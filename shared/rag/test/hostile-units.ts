/** What a hostile text repeats: words that patterns begin with, marks that pair, numbers, dates and names cut off, letters that fold. */
const spaced =
  "1 3 99999 2026 1er q1 t1 w12 d-3 j-1 8h 12h30 8:00 12/11 2026-11-12 2026-w12 12h-14h 3-7 a i ii le les de et ou entre between and to du from depuis since avant before après after jusqu'à until il dernière last ce this chaque par plus moins than pas not never jamais ko ok est sont is are can merci bonjour hello pourquoi why combien quand when compar similar like comme premier first dernier p95 moyenne taux % top 5 records priorité échec échecs erreur erreurs errors failures exceptions timeouts annulés running ran tourné pipelines pipeline job flux techno environnement prod order orders- orders-dail ordrs-daily-1 order-daily-999 abcd-efgh abcdefgh aaaaaaaaaaaa x.y.z a-b_c/d a.b.c.Exception ORA-12541 http disk sauf sans hors except contenant contient about veut lignes rows deux vingt vingt-quatre quatre-vingt-dix trente lundi mardi janvier mars été nuit matin soir semaine mois week-end hier yesterday noon minuit ago demain veille weekend quarter".split(
    " ",
  );
const together =
  "8h-|l'|d'|\"|`|`x`|«|« a »|“a”|'abc' |((|[[|)|.|! |? |; |: |, |/|*|-|--|_|\n|\t|   |é|e\u0301|\u0301|😀|\u200b|İ|ı|ſ|K|ß|ﬁ|abc|a-|a.|1-|1:|1/2/|1.|$|\\|{|<|\u0000|\ud800|à la |lundi et |hier et |janvier et |du 3 au |le 3 et |entre 2h et |between 8 and 9 and |from 1 to 2 |de lundi à |from monday to |cette semaine et |depuis le |avant avant |avant-|il y a 3 |2 days ago |3 jours |the last |last last |3 derniers |mardi 8h |8h lundi |ce matin |nuit du |fin de |début de |mid-|plus de 3 |au moins 2 fois |0 échec |n'ont pas |sans aucun |pas annulés |quand a |when did |s'est |what share |more a |plus a b |seen a b |erreur de |exit code 137 |http 503 |disk full |liées à |dont le nom contient o |qui commencent par o |pipelines orders |orders* |*orders |sauf Spark et |sans Spark |job 1234 |2 jours de suite |que d'habitude |lignes traitées |how many |quelles heures |is  failing |between x and |jamais vu |déjà vu : |never seen before |une à la fois |trente et un |first time |by day |le plus |moins fiable |de chaque |tous les |all the ".split(
    "|",
  );

/** More than 200 of them. */
export const hostileUnits: readonly string[] = [...spaced.map((word) => `${word} `), ...together];
