const split = (text: string): string[] => text.trim().split(/\s+/);

/** Endings of French verbs in -er, folded: "donne", "donnait", "donné". */
const frenchEndings = split(
  "e es ent er ez ons ait aient ais ions iez ant ee ees era eras erai eront erait erais eraient eriez erions a ai as erent",
);
const frenchStems = split(
  "demand donn parl pens sembl signal regard verifi control confirm indiqu precis inqui inquiet derang gen inform renseign relev constat remarqu not rest surveill rappel envoy racont pos aid essay consult assur arriv dur mont affich list comment appel ressembl montr trouv chang continu termin commenc serv import aim souhait esper gagn present reveill debut regroup",
);
const englishEndings = ["", "s", "es", "ed", "d", "ing"];
const englishStems = split(
  "wonder ask tell guess hop think seem look check confirm verif verify mak happen notic say mean want need let remind see know appear ask keep call turn expect seem stay remain mention ping bother matter worr worry handl com get tak giv hear listen remember return complet",
);

/**
 * Words that carry no question by themselves, folded: politeness, adverbs, verbs of asking and saying. They are passed over where they are
 * left, and are names all the same where the catalogue has them.
 */
export const fillerWords: ReadonlySet<string> = new Set([
  ...frenchStems.flatMap((stem) => frenchEndings.map((ending) => stem + ending)),
  ...englishStems.flatMap((stem) => englishEndings.map((ending) => stem + ending)),
  ...split(`
    avance plait priere veuillez voudrait voudriez voulez voulons vouloir veulent pouvoir pourra pourront puis puisse puissiez puissions saurais saurait sauriez savez
    savent savait sachant croire crois croit dirait diriez disons disait dit aurais auriez aura auront aurons serait serais seront sera seriez serions fera feront ferait feriez allait allaient aller
    allez allons ira iront irait irais vraie vrai vraies vrais faux possiblement eventuellement globalement rapidement vite vitesse simplement
    seul seule seuls seules single vraisemblablement apparemment normalement franchement notamment quasiment environ certains certaine certaines certain
    plusieurs divers diverses quelconque quelqu quid niveau cas sujet question questions truc trucs machin machins bazar bidule histoire pote gars gens monde chef patron collegue collegues
    eus eue eues question compris idee avis coup ensuite puis enfin egalement peu pile malgre lorsque quoique tandis afin ainsi faute grace
    dedans dehors ici ailleurs partout deux six second seconde demi moitie dizaine douzaine mille cent
    bon bonne bons bonnes mauvais mauvaise ouais nan ben bah hein euh voyons tiens allez dsl desole pardon excuse excusez
    fewest astreinte jsuis chui suis bref comprends comprend comprendre entendu eu ca cela ceci icelui veut
    repondu repond repondent repondre reponse
    whether perhaps maybe possibly kindly quick quickly briefly basically actually simply exactly honestly actually apparently
    true real really sure certain possible question questions quick share shared single else stuff somehow somewhere someone somebody anyone anybody everybody everyone nobody
    guys folks mate buddy ones thing way ways kind sort bit lot lots couple few several various such able unable supposed seems
    might must may shall ought cannot cant wont dont isnt arent didnt doesnt hasnt havent im ive id youre theyre thats whats wheres hows lets gonna wanna gotta
    today please pls good nice great dear regards cheers sincerely best wishes
    though although because therefore hence thus otherwise instead rather quite pretty fairly almost nearly roughly approximately
    two six eight dozen half whole entire every both
    faudrait faudra falloir sache sachent joignable joignables accessible accessibles disponible disponibles reachable available online paged woken called highest lowest greatest highly eleve elevee faible faibles bas basse chiffre chiffres statistique statistiques stats figures numbers racine doute doutes sinon roule roulent appartient appartiennent stable stables flop better worse offender offenders culprit culprits coupable coupables fautif fautifs
    anormal anormale anormaux anormales suspect suspecte louche bizarre inhabituel inhabituelle etrange abnormal unusual strange odd weird bout
    petit petite petits petites court courts courte courtes bref brefs breve breves shortest quickest fastest slowest vite
    said says ones told knew thought made makes got gets getting went goes came comes gave takes kept heard`),
]);
