/** What goes wrong. See `glossary.ts` for the form of a row. */
export const faultSenses = `
out-of-memory = mémoire insuffisante, manque de mémoire, plus de mémoire, mémoire saturée, à court de mémoire, dépassement mémoire
  | out of memory, oom, oomkilled, memoryerror, memory limit*, heap space, unable to allocate, cannot allocate memory, gc overhead, exit
  code 137, code 137
disk-full = disque plein, disque saturé, plus de place, plus d'espace, espace insuffisant, espace disque insuffisant, volume plein, manque
  de place, place disque, disque rempli
  | disk full, full disk, volume full, full volume, no room, no space, no space left, enospc, filesystem full, out of disk,
  running out of space, out of space, disk pressure, device
  full, mo libres
timeout = délai dépassé, délai d'attente, temps d'attente, trop long, trop longue, expiration du délai, attente trop longue, délai*
  | timeout*, time out, timed out, timedout, deadline exceeded, took too long, waited too long, expired after, sockettimeout*, etimedout
unresponsive = ne répond pas, ne répond plus, pas de réponse, sans réponse, aucune réponse, muet, injoignable, ne répondent pas, ne
  répondent plus
  | no answer, unresponsive, not responding, does not answer, unreachable, no response, did not respond, not reachable, cannot be reached
refused = refus*, rejet* | refused, rejected, denied, econnrefused, declined, reject*
connection-lost = connexion perdue, connexion coupée, connexion interrompue, coupure*, connexion rompue, lien rompu
  | connection lost, connection reset, broken pipe, econnreset, disconnected, connection closed, severed, link down, hang up, end of file on
  communication channel, connection aborted
permission = droit*, permission*, accès refusé, interdit*, non autorisé, habilitation*, privilège*, pas le droit, accès*
  | permission*, access denied, forbidden, unauthorized, unauthorised, accesscontrol*, privilege*, not allowed, not permitted, eacces,
  eperm, rbac, http 403, 403
login-failed = mot de passe incorrect, identifiants refusés, échec d'authentification, mauvais mot de passe, mauvais identifiants,
  authentification échouée
  | login incorrect, authentication failed, bad credentials, invalid credentials, login failed, wrong password, http 401, 401, 530, access
  token expired
not-found = introuvable*, n'existe pas, n'existe plus, inexistant*, disparu*, pas trouvé*, absent*, perdu*
  | not found, notfound, filenotfound*, no such, does not exist, nosuch*, nonexistent, enoent, http 404, 404, cannot find, could not find,
  unknown
missing = manquant*, manque, manquent, il manque, oublié* | missing, lacks, lacking, absent, omitted, forgotten
duplicate = doublon*, dupliqué*, en double, clé dupliquée, existe déjà, déjà présent, unicité
  | duplicate*, already exists, unique constraint, uniqueness, conflict*, http 409
deadlock = interblocage*, verrou mortel, verrous croisés, étreinte fatale | deadlock*
locked = verrou*, verrouillé*, bloqué par | lock*, locked, lock wait, sharelock
blocked = bloqué*, coincé*, figé*, gelé*, n'avance plus, à l'arrêt | stuck, blocked, hang*, hung, frozen, stalled, not progressing, freeze
crash = plant*, crash*, tombe en panne, s'arrête brutalement, arrêt brutal, s'effondre
  | crash*, panic*, segfault, segmentation fault, core dump*, fatal error, terminated unexpectedly, abend
crash-loop = redémarre en boucle, redémarrage en boucle, boucle de redémarrage, redémarre sans cesse, relance en boucle
  | crashloop*, crash looping, restart loop, restarting repeatedly, keeps restarting, flapping
killed = tué*, arrêté de force, abattu* | kill*, sigkill, sigterm, evicted, exit code 143
aborted = interromp*, interrompu*, avorté*, abandonné* | abort*, interrupt*, cancelled, canceled
unavailable = indisponib*, hors service, en panne, service interrompu, hors ligne, tombé*
  | unavailab*, service down, out of service, down, offline, outage, http 503, 503, bad gateway, http 502, 502, maintenance
overloaded = surcharg*, saturé*, engorg*, débordé* | overload*, saturat*, overwhelmed, congest*, backpressure, pressure
slow = lent*, ralenti*, lenteur*, rame, traîne | slow*, sluggish, degraded, latency
late = retard*, en retard, tardi*, décalage* | late*, delay*, behind, lag*, lagging, overdue
quota = quota*, limite atteinte, limite dépassée, trop d'appels, trop de requêtes, plafond*
  | quota*, rate limit*, too many requests, throttl*, limit exceeded, limit reached, http 429, 429, overcommit*
expired = expiré*, périmé*, échu*, arrive à échéance, expiration, n'est plus valide | expir*, stale, outdated, end of life
invalid = invalide*, incorrect*, erroné*, mauvais*, non valide | invalid*, incorrect, wrong, bad, illegal, malformed
malformed = mal formé*, illisible*, corrompu*, tronqué*, cassé* | malformed, corrupt*, unreadable, truncated, broken, garbled
conversion = conver*, format*, transtyp*, n'est pas une date, n'est pas un nombre
  | conver*, pars*, cast*, tokeniz*, format*, cannot be parsed, type mismatch
mismatch = incohéren*, écart*, divergen*, ne correspond pas, ne correspondent pas, différent*, désaccord*
  | mismatch*, inconsisten*, diverg*, differ*, discrepanc*, drift*, does not match, out of sync
incompatible = incompatib*, non compatible, pas compatible | incompatib*, not compatible, unsupported
unsupported = pas pris en charge, non pris en charge, non supporté*, plus supporté* | unsupported, not supported, deprecated, obsolete
overflow = dépassement*, débordement*, trop grand*, trop gros | overflow*, too large, too big, out of range, exceed*, index out of bounds
null = nul*, null*, vide*, non renseigné* | null*, nullpointer*, none type, nonetype, nan, undefined, empty, npe
assertion = assertion*, attendu*, vérification* | assert*, expected, comparisonfailure, verif*
syntax = syntaxe, erreur de syntaxe | syntax*, unexpected token, parse error, illegal start
compilation = compil* | compil*, cannot find symbol, javac, does not compile, build failure
unresolved-dependency = dépendance introuvable, dépendance manquante, dépendance non résolue, ne trouve pas la dépendance
  | could not resolve dependencies, unresolved dependency, missing dependency, modulenotfound*, importerror, no module named,
  classnotfound*, noclassdef*, cannot resolve, could not resolve
leak = fuite* | leak*
regression = régress* | regress*
retries-exhausted = nombre d'essais dépassé, essais épuisés, après plusieurs essais, tentative*
  | retries exhausted, max retries, too many retries, giving up, attempts
rejected-rows = lignes rejetées, rejets | rejected rows, bad records, rejected records
snapshot-too-old = instantané trop ancien, snapshot trop vieux, image trop ancienne | snapshot too old, ora-01555, rollback segment, undo
no-listener = pas d'écouteur, écouteur absent | no listener, ora-12541, listener
throttled = bridé*, étranglé*, limité en cpu | throttl*, cpu throttling
clock-skew = horloge décalée, horloge désynchronisée, dérive d'horloge, décalage d'horloge, pas à l'heure
  | clock skew, clock drift, clock not synchronising, clock not synchronizing, time drift, unsynchronized
split-brain = partition réseau, cerveau divisé, plus de majorité, perte du quorum
  | split brain, quorum lost, no leader, insufficient members, network partition
failover = bascule*, basculement* | failover, switchover, takeover
data-loss = perte de données, données perdues | data loss, lost data
failing-probe = sonde en échec, contrôle de santé en échec | probe failed, health check failed, unhealthy, failed check, liveness
image-pull = image introuvable, impossible de tirer l'image, téléchargement de l'image
  | image pull*, imagepullbackoff, errimagepull, cannot pull image
unschedulable = impossible à placer, non planifiable, reste en attente, pas de place sur les nœuds
  | unschedulable, pending, insufficient resources, cannot be scheduled, not scheduled
misconfigured = mal configuré*, mauvaise configuration, mal paramétré*, erreur de configuration
  | misconfig*, bad configuration, configuration error, invalid configuration
reload-failed = rechargement échoué, n'a pas rechargé, configuration refusée
  | reload failed, failed to reload, failed to load configuration, config reload
no-data = aucune donnée, pas de données, plus de données | no data, absent metrics, no samples
noisy = bruit*, trop d'alertes | noise, noisy, alert storm, flood
unknown-host = hôte inconnu, nom inconnu, résolution de nom
  | unknown host, unknownhost*, name resolution, nxdomain, getaddrinfo, enotfound, could not resolve host
port-in-use = port déjà utilisé, port occupé | address already in use, port in use, eaddrinuse, bind failed
too-many-files = trop de fichiers ouverts, descripteurs épuisés | too many open files, emfile, file descriptor limit, file descriptors
inodes-full = plus d'inodes, inodes épuisés | out of inodes, no inodes left, inode exhaustion, inodes
read-only = lecture seule | read only, read-only, erofs, readonly
replica-behind = réplica en retard, retard de réplication | replication lag, replica behind, out of sync replica
handshake = négociation*, poignée de main | handshake*, sslhandshake*, pkix, certificate unknown
untrusted = pas de confiance, non approuvé*, autorité inconnue, auto-signé
  | untrusted, self signed, self-signed, unknown authority, unable to find valid certification path
signature-invalid = signature invalide, somme de contrôle | checksum*, bad signature, invalid signature, hash mismatch
fetch-failed = téléchargement impossible, impossible de télécharger, impossible de récupérer, ne télécharge plus
  | could not transfer, failed to download, could not download, failed to fetch, unable to fetch, download failed, failed to clone
write-failed = écriture impossible, impossible d'écrire, n'arrive plus à écrire | write failed, cannot write, failed to write, write error
read-failed = lecture impossible, impossible de lire, n'arrive plus à lire | read failed, cannot read, failed to read, read error
send-failed = envoi impossible, n'arrive plus à envoyer, échec d'envoi, n'envoie plus
  | failed to send, could not send, delivery failed, undelivered, send failed
start-failed = ne démarre pas, ne démarre plus, refuse de démarrer, démarrage impossible
  | failed to start, does not start, cannot start, startup failed, won't start, not starting
`;
