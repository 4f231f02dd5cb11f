/**
 * What makes a search for secrets start again, go back or look far ahead when it stands many times in a row: beginnings of every form
 * without its end, values that hold the next key, long runs that fail at their last character.
 */
const keys = (
  "password passwd passphrase pwd mdp motdepasse secret token authorization api_key access-key app_key secret_access_key credentials " +
  "client_secret set-cookie cookie session_id keystorepass webhook_secret pass pw psk auth"
).split(" ");
/** Behind a key: a value that holds the next one, or none, or one that is no secret. */
const afterKey = ["=", "=/", "=<A_1>-", '="', ": 0x1 ", "=a,"];

const beginnings = [
  ..."a|A|1|é|-|.|_|/|\\|@|:|=|<|>|\"|'|`|,|&|;|*|+|%|#|{|(|$|\n|\t| |\u00a0|😀|\ud800|\u0000".split("|"),
  ..."a@|a.|a-|a@-|a@.|a@a.|a@a.b-|@a.|a@b.c@|é.|a%40|/a|a/|://|a:b@|a:b://x:|a://b|a://b@|://@|abfss://a@|a:bbbb@c.|a:bbbb@c:1".split("|"),
  ..."Bearer |Basic |bearer\t|Basic a|authorization: basic |authorization=|authorization'|eyJ|eyJa.|eyJa.b.|eyJ-".split("|"),
  ..."-----BEGIN X-----|-----BEGIN X-----\n|-----BEGIN |-----END |-----|-----BEGIN A-----AAAAAAAAAAAAAAAA|-----BEGIN A-----\\n".split("|"),
  ..."AKIA|AKIAA|LTAI|ghp_|ghp_a|github_pat_|glpat-|xoxb-|xoxb-1|xapp-|sk-|sk-a|sk-proj-|whsec_|AIza|ya29.|1//0|npm_|hf_|hf-a".split("|"),
  ..."dckr_pat_|pypi-|dapi|dapi0|hvs.|SG.|SG.aaaaaaaaaaaaaaaa.|SK0|key-0|0-us1|ATATT|dt0c01.|dp.pt.|pat|AKCp|a8Q~|123456789:AA".split("|"),
  ..."MAAAAAAAAAAAAAAAAAAAAAAAA.|frag_|frag_a_|hooks.slack.com/services/|hooks.zapier.com/hooks/catch/|/hooks/|?key=|&key=a".split("|"),
  ..."mysql -p|mysql -pa |mysql |docker login -p |docker docker |sshpass -p |sqlcmd -P|redis-cli -a |ldapsearch -w |7z -pa".split("|"),
  ...'sqlplus a/|sqlplus |conn a/b |connect a|userid=|userid=a/b|jdbc:oracle:thin:|jdbc:oracle:thin:a/|exp "a/'.split("|"),
  ..."IDENTIFIED |IDENTIFIED BY |IDENTIFIED WITH a BY |WITH PASSWORD '|PASSWORD(|PASSWORD('|ROLE a|USER a PASSWORD ".split("|"),
  ..."connect to a user b |connect to a user b using |login |login a |login a password |ConvertTo-SecureString |-passin pass:".split("|"),
  ...'-storepass | -password | -pwd -|requirepass |auth_pass "|AUTH |"AUTH aaaaaa|vault login |add_user a |htpasswd -b '.split("|"),
  ..."htpasswd -b a | /user:a |password is |password set to : |mot de passe est |passphrase was a1".split("|"),
  ...'-u |-u a:|-ua:|+-ua:|+-ua:0x1|+-ua:http://|-u+|-u "a:|--user a,|--user=a%|docker -u a:|--proxy-user |-U a%b'.split("|"),
  ...".logon |.logon a,|logon a/b,|h:1234:d:u:|\nh:1234:d:u:a|*:*:*:u:|\n*:*:*:".split("|"),
  ..."FR76 |FR76|DE89 1|fr76-|4111 |4111|4111 1111 |3782 |1 85 |1.85.|185052A|_-4|1850578006084|411111111111111".split("|"),
  ..."aB3|aB3/|aB3_|aB3-|Ab1+|a1=|abcdefghijklmnopqrstuvwxyz012345/|sha256-|0123456789abcdef|x=y&|a=1,b=2,".split("|"),
  ...'<name>password</name><value>|<password>|<add key="password" value="|{"name":"token","value":"|\\"token\\":\\"'.split("|"),
  ..."token.a.|token.a-a.windows|password.prod|password-old.|secret_1|clé d'api |clé |jeton d'accès |code secret |phrase secrète ".split(
    "|",
  ),
  ..."mot de passe a |mdp « |mdp “a |password for a |password of |password {a|password { |password 'a |mot de passe de la base :|mot de passe (a|mot de passe saisi (a) |password (a) :".split(
    "|",
  ),
  ..."phrase secrète : a |passphrase: |password a is |trying password a1 |contraseña es |Passwort für |password:\n  |password: >-\n |MDP_a".split(
    "|",
  ),
  ..."ftp> user a |ftp user a\n|USER a PASS |isql -a b |net use \\\\a |echo a | kinit|echo a:b |<<< |assword' send |mc alias set a http://".split(
    "|",
  ),
  ..."vault kv put a b=|login('a', |connect('a', 'b', |sp_password 'a',|aes_encrypt(a, |ansible-vault encrypt_string |snmpget -c |A1 LOGIN a ".split(
    "|",
  ),
  ..."password: token = |password: a.token = |unexpected token: |--password |setenv A_PASSWORD |<SECRET_1>password=|<EMAIL_1>|<A_|<AAA_1".split(
    "|",
  ),
];

/** More than 300 of them. */
export const hostileUnits: readonly string[] = [
  ...new Set([...beginnings, ...keys.flatMap((key) => afterKey.map((after) => key + after))]),
];
