/**
 * What goes wrong with data pipelines, as French and English say it and as tools print it: a question in one language then finds an error in
 * the other, also with an embedder that compares spelling. Patterns are for folded text.
 */
export const errorConcepts: readonly (readonly [name: string, pattern: RegExp])[] = (
  [
    [
      "memory",
      String.raw`memoires?|memory|oom|out ?of ?memory\w*|memoryerror|heap|exit(?:ed)?(?: with)?(?: code)? 137|code 137|\bram\b|gc overhead`,
    ],
    [
      "disk",
      String.raw`disques?|disks?|no space|espace (?:disque|insuffisant)|stockage|storage|volume plein|filesystem full|enospc|mo libres`,
    ],
    [
      "timeout",
      String.raw`time ?d? ?-?outs?|timedout|\w*timeout\w*|delais?|trop long(?:ue)?s?|expired? after|deadline exceeded|took too long|temps d'attente|hang\w*|bloque\w*`,
    ],
    [
      "connection",
      String.raw`connexions?|connections?|connect\w*|socket\w*|econn\w+|reseau|network|joindre|injoignables?|unreachable|no route|listener|broken pipe|communication channel|no answer|ne repond (?:pas|plus)|pas de reponse|sans reponse|aucune reponse`,
    ],
    ["refused", String.raw`refus\w*|refused|rejet\w*|rejected|denied`],
    [
      "permission",
      String.raw`permissions?|droits?|denied|interdit\w*|forbidden|access ?control\w*|acces|access denied|unauthori[sz]ed|non autorise\w*|privileges?|\b403\b`,
    ],
    ["login", String.raw`log ?in|identifiants?|credentials?|mots? de passe|passwords?|authenti\w*|\b401\b|\b530\b|tokens?|jetons?`],
    [
      "notfound",
      String.raw`introuvables?|not found|notfound\w*|filenotfound\w*|no such|n'existe pas|does not exist|absents?|missing|manquants?|\b404\b|nosuch\w*|perdus?`,
    ],
    ["file", String.raw`fichiers?|files?|\w*file(?:notfound\w*|input\w*)|repertoires?|dossiers?|directory|paths?`],
    ["deadlock", String.raw`deadlocks?|interblocages?|verrous?|locks?|sharelock|lock wait`],
    ["duplicate", String.raw`duplic\w*|dupliqu\w*|doublons?|unique|unicite|primary key|cles? primaires?|already exists|existe deja`],
    ["schema", String.raw`schemas?|incompatib\w*|colonnes?|columns?|champs?|fields?|structure`],
    [
      "quota",
      String.raw`quotas?|too many (?:requests|api)\w*|rate ?limit\w*|trop d'appels|trop de requetes|\b429\b|throttl\w*|limites? (?:d'api|atteintes?|depassees?)`,
    ],
    ["unavailable", String.raw`indisponibles?|unavailable|service down|hors service|en panne|\b50[0234]\b|bad gateway|maintenance`],
    [
      "conversion",
      String.raw`conver\w*|pars(?:e|ing|er\w*|e ?error)|formats?|dates? invalides?|invalid dates?|tokeniz\w*|cast\w*|malform\w*|mal forme\w*|illisibles?|n'est pas une date`,
    ],
    ["certificate", String.raw`certificat\w*|ssl\w*|tls|x509|handshake|pkix`],
    ["compilation", String.raw`compil\w*|syntax\w*|cannot find symbol|depends on`],
    ["test", String.raw`tests?|assert\w*|expected|attendus?|verification`],
    ["killed", String.raw`kill\w*|sigterm|sigkill|tue\w*|interromp\w*|interrupt\w*|arrete\w*|aborted|avort\w*|stopped`],
    ["undo", String.raw`snapshot too old|rollback|ora-01555|undo`],
    ["rows", String.raw`lignes?|rows?|enregistrements?|records?`],
    ["key", String.raw`cles?|keys?|keyerror`],
    ["null", String.raw`null\w*|none ?type|nan|vides?|empty`],
    ["dependency", String.raw`depend\w*|artifacts?|librair\w*|librar\w*|packages?|modules?|importerror|modulenotfound\w*|resolve`],
    ["metadata", String.raw`metadata|metadonnees?`],
    ["url", String.raw`urls?|https?|endpoints?|api|sites?|hosts?|hotes?|serveurs?|servers?`],
  ] as const
).map(([name, words]) => [name, new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${words})(?![\p{L}\p{N}])`, "u")] as const);
