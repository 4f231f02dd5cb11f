const begin = (kind: string) => `-----BEGIN ${kind}-----`;

/** One secret of each kind, by what must be found nowhere. Made up, in the form that each vendor gives its own. */
export const secrets = {
  dsn: "Tr0ub4dor-pwd",
  github: "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
  slack: ["xoxb", "123456789012", "abcdefGHIJKL0123456789"].join("-"),
  awsId: "AKIAIOSFODNN7EXAMPLE",
  awsKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  openai: "sk-proj-Ab12Cd34Ef56Gh78Ij90Kl12",
  bearer: "q3Zt8Xw1Lm5Np7Rs9Tv2",
  jwt: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
  pem: "MIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu",
  mail: "jean.dupont@example.com",
  iban: "FR7630006000011234567890189",
} as const;
export type SecretName = keyof typeof secrets;

/** How each of them stands in a text. */
export const leaks: Readonly<Record<SecretName, string>> = {
  dsn: `could not connect to postgres://etl:${secrets.dsn}@db.internal:5432/dwh`,
  github: `remote rejected ${secrets.github}`,
  slack: `invalid_auth for ${secrets.slack}`,
  awsId: `AWS key ${secrets.awsId} has no access`,
  awsKey: `aws_secret_access_key=${secrets.awsKey}`,
  openai: `401 Incorrect API key provided: ${secrets.openai}`,
  bearer: `Authorization: Bearer ${secrets.bearer}`,
  jwt: `token expired ${secrets.jwt}`,
  pem: `cannot read ${begin("RSA PRIVATE KEY")}\n${secrets.pem}\n-----END RSA PRIVATE KEY-----`,
  mail: `no mailbox ${secrets.mail}`,
  iban: `virement refusé vers ${secrets.iban}`,
};
export const secretNames = Object.keys(secrets) as SecretName[];

/** Of a password that is part of the configuration. */
export const configured = {
  redis: "r3dis-Pa55-of-the-queue",
  smtp: "sm7p-Pa55-of-the-relay",
  slackToken: ["xoxb", "999999999999", "theBotTokenOfThisTest01"].join("-"),
  llmKey: "sk-litellm-9f8e7d6c5b4a3210fedc",
} as const;

/** The names of the secrets that a text holds, also where a mail or an address has them encoded. */
export function leaked(text: string): string[] {
  const forms = [text, decodeMail(text), safeDecode(text)];
  return Object.entries({ ...secrets, ...configured }).flatMap(([name, secret]) =>
    [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)].some((form) => forms.some((one) => one.includes(form)))
      ? [name]
      : [],
  );
}

/** A mail as its reader sees it: quoted-printable and base64 undone. */
export function decodeMail(raw: string): string {
  const quoted = raw
    .replace(/=\r?\n/g, "")
    .replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll("=", ""), "hex").toString());
  const blocks = [...raw.matchAll(/(?:^[A-Za-z0-9+/]{60,76}={0,2}\r?\n)+/gm)].map(([block]) =>
    Buffer.from(block, "base64").toString("latin1"),
  );
  return [quoted, ...blocks].join("\n");
}

const safeDecode = (text: string): string =>
  text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll("%", ""), "hex").toString());
