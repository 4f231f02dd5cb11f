/**
 * Words that stand beside a password's word and are no password: "password policy", « mot de passe expiré », "Passwort abgelaufen". What is not
 * here and stands where a password would is hidden: a word too many hidden costs a reader less than a password shown.
 */

const list = (...lines: readonly string[]): ReadonlySet<string> => new Set(lines.join(" ").split(" "));

/** States, what a password may be, and what grammar puts there, in French, English, German, Spanish, Italian, Portuguese and Dutch. */
const ordinary = list(
  "yes no oui non null none nil undefined true false empty blank vide vierge missing manquant manquante absent absente required requis requise",
  "obligatoire mandatory optional facultatif invalid invalide incorrect incorrecte erronné erroné wrong bad mauvais faux fausse right good bon valid",
  "valide correct correcte expiré expired expire revoked révoqué unknown inconnu inconnue ok ko done failed failure found set unset not pas jamais",
  "is was are has had have been be being will would should must may might can could cannot does did do doit doivent peut est était sera a ont n'est",
  "the a an and or et ou if si in of from with without sans avec de du des d' le la les l' un une au aux pour par by to for on at as via sur dans en",
  "que qui which that this ce cette your votre my mon our notre their its his her son sa leur user utilisateur account compte login username",
  "too trop only still again encore already déjà never same différent different old ancien new nouveau nouvelle current actuel last dernier next",
  "string str int integer number text texte object varchar char password passwd mdp mot secret token clé key value valeur field champ column colonne",
  "unauthorized forbidden denied refused refusé refusée rejected rejeté rejetée accepted accepté accepts locked unlocked bloqué verrouillé",
  "wrong. weak faible strong fort short long court courte ready due about older stored kept visible hidden masked plain clear encrypted hashed",
  "here there below above now today tomorrow yesterday soon ici demain bientôt aujourd'hui unavailable unchanged identical secure safe public",
  "correct. likely probably perhaps peut-être apparently also aussi then alors when quand because car car: but mais while before after until",
  // Nouns behind the word
  "authentication authentification auth policy politique stratégie expiration expiry reset change changement check file fichier hash prompt",
  "verification vérification validation validator verifier mismatch manager database db base store storage safe vault rotation renewal complexity",
  "length history age aging attempt attempts entry entries encryption encoding encoder protection protected protect recovery update generator",
  "request requests rule rules format pattern hint hints strength quality filter provider callback plugin module service server serveur cache grant",
  "flow type parameter parameters paramètre property option options argument flag variable setting settings input output dialog box page form screen",
  "link email mail notification reminder sync synchronization synchronisation hashing salt digest cracking guessing spray spraying lockout agent helper",
  "credential credentials lifetime migration cannot supplied provided given specified entered sent used saved management security sécurité",
  "administrator administrateur admin root système system applicatif applicative technique temporaire temporary provisoire initial initiale default",
  "défaut maître master personnel local locale global générique unique oublié périmé haché chiffré crypté masqué saisi fourni défini indéfini tapé",
  "oracle ldap ftp sftp ssh smtp imap http https sap sql mysql postgres postgresql mssql db2 teradata mongodb mongo redis kafka windows linux unix",
  "active directory ad kerberos samba smb vpn wifi proxy api talend airflow jenkins gitlab github snowflake databricks keystore truststore bios",
  "sudo su psql mysql: ssh: ftp: permission access connection connexion error erreur fatal warning incorrecto",
  "attendu attendue absente! différents identiques rien aucun aucune nothing nobody something anything everything minimum maximum at-least",
  // German, Spanish, Italian, Portuguese, Dutch
  "ist war wird wurde nicht kein keine falsch ungültig gültig abgelaufen gesperrt leer fehlt erforderlich unbekannt vergessen ändern geändert zu und",
  "oder für von vom der die das des dem den ein eine mit ohne muss zurückgesetzt verweigert abgelehnt richtlinie läuft wurde:",
  "es era fue no ha debe incorrecta inválida inválido caducada caducado vencida vencido vacía vacío requerida requerido obligatoria olvidada del el",
  "los las por y o con sin para desconocida rechazada errónea erronea expirada expirado non è errata errato scaduta scaduto sbagliata sbagliato",
  "valida valido vuota vuoto obbligatoria dimenticata mancante scade di della dello il lo i gli per e senza rifiutata incorreta expirou inválidas não",
  "é da do em ou com sem verlopen onjuist ongeldig is niet vereist vergeten voor van en het",
);

/** What begins an explanation where a value would stand: "Password: field required", « Mot de passe : champ obligatoire ». */
const explains = list(
  "champ field valeur value paramètre parameter longueur length minimum maximum minimal format type saisie entry colonne column variable erreur error",
  "problème problem aucun aucune no non not pas trop too veuillez please contactez contact voir see must doit doivent au at least authentification",
  "authentication changement change vérifiez check échec failure login connexion connection permission access accès clé option required obligatoire",
  "input property attribut attribute argument missing absent feld wert pflichtfeld campo valor valore parametro parámetro obbligatorio obligatorio",
  "both les the la le your votre this ce cette two deux fichier file command commande unable cannot could only seuls ne n'est n’est expected attendu",
);

const bare = (word: string): string => word.toLowerCase().replace(/^[('"«“]+|[.,:;!?)'"»”…]+$/g, "");
const participle = /(?:é|ée|és|ées|[a-z]ed|ing|able|ible|ly)$/u;

/** Whether a single word is one that prose puts beside a password's word. */
export function isOrdinary(word: string): boolean {
  const known = bare(word);
  return known === "" || ordinary.has(known) || (/^\p{L}+$/u.test(known) && /(?:é|ée|és|ées|ez|[a-z]ed)$/u.test(known));
}

/** Whether a word is what a sentence says of a password ("is locked", « est périmé », "ist abgelaufen"). */
export const isSaidOfOne = (word: string): boolean => isOrdinary(word) || (/^\p{Ll}+$/u.test(bare(word)) && participle.test(bare(word)));

/** Whether an explanation begins there: a word of the list, and more words behind it. */
export function beginsExplanation(text: string): boolean {
  if (/^\d{1,3}[ \u00a0]\p{L}/u.test(text)) return true; // "12 characters"
  const [, word = "", next = ""] = /^["']?(\p{L}[\p{L}'’]{0,20})[ \u00a0](\p{L}*)/u.exec(text) ?? [];
  return next !== "" && (explains.has(word.toLowerCase()) || ordinary.has(word.toLowerCase()));
}

/** Letters and digits together, a mark among letters, or letters of both cases within: no word of a language. */
export const looksMadeUp = (word: string): boolean =>
  word.length >= 4 &&
  /\p{L}/u.test(word) &&
  (/\d/.test(word) ? !/^[\d.,]+\p{L}{1,3}$/u.test(word) : /[!#$%&*+@^~?§=|]/.test(word) || /\p{Ll}\p{Lu}/u.test(word));

const complaint =
  /(?<!\p{L})(?:not|cannot|could|must|required|invalid|expired|incorrecte?|failed|missing|doit|n['’]est|ne|pas|expirée|obligatoire|requise|absente)(?!\p{L})/iu;
/** Whether several words say what is wrong with a password, instead of being one. */
export const complains = (words: string): boolean => complaint.test(words);
