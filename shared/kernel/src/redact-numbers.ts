/** Numbers that prove themselves by a checksum, so an ordinary number of the same length stays. */

/** Length of an IBAN by country. Source: SWIFT IBAN registry. */
const ibanLengths: Readonly<Record<string, number>> = Object.fromEntries(
  (
    "NO15 BE16 DK18 FI18 FO18 GL18 NL18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 XK20 CH21 HR21 LI21 LV21 BG22 BH22 CR22 DE22 GB22 GE22 IE22 " +
    "ME22 RS22 AE23 GI23 IL23 IQ23 TL23 AD24 CZ24 ES24 MD24 PK24 RO24 SA24 SE24 SK24 TN24 VG24 PT25 IS26 TR26 FR27 GR27 IT27 MC27 MR27 SM27 " +
    "AL28 AZ28 BY28 CY28 DO28 GT28 HU28 LB28 PL28 SV28 BR29 EG29 PS29 QA29 UA29 JO30 KW30 MU30 MT31 LC32 SC31"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

const isAlphanumeric = (char: string): boolean =>
  (char >= "0" && char <= "9") || (char >= "A" && char <= "Z") || (char >= "a" && char <= "z");

/** Remainder by 97 of digits too many for a number. */
function mod97(digits: string): number {
  let rest = 0;
  for (const digit of digits) rest = (rest * 10 + Number(digit)) % 97;
  return rest;
}

/** Length of the IBAN that `text` begins with, spaces between its groups included; 0 when there is none. */
export function ibanLength(text: string): number {
  const wanted = ibanLengths[text.slice(0, 2).toUpperCase()];
  if (wanted === undefined) return 0;
  let compact = "";
  let end = 0;
  while (end < text.length && compact.length < wanted) {
    const char = text.charAt(end);
    if (isAlphanumeric(char)) compact += char;
    else if (!" \u00a0\u202f-".includes(char)) return 0;
    end += 1;
  }
  if (compact.length < wanted || isAlphanumeric(text.charAt(end))) return 0;
  const rotated = (compact.slice(4) + compact.slice(0, 4)).toUpperCase();
  return mod97(rotated.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55))) === 1 ? end : 0;
}

/** First digits and lengths of the card schemes: Visa, Mastercard, American Express, Diners, JCB, Discover, UnionPay, Maestro. Source: ISO/IEC 7812 ranges. */
const schemes =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|2720\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}(?:\d{2}){0,1}|35\d{14}|6(?:011|4[4-9]\d|5\d\d)\d{12}|62\d{14,17}|(?:50|5[6-9]|6\d)\d{11,17})$/;

/** Whether 13 to 19 digits, separators ignored, are a payment card's: a scheme's first digits and length, and the Luhn checksum, which one number in ten passes. */
export function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, "");
  if (!schemes.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits.charAt(digits.length - 1 - index));
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Whether 15 characters, separators ignored, are a French social security number with its key (97 minus the number mod 97; 2A is 19, 2B is 18). */
export function isNir(text: string): boolean {
  const compact = text.replace(/[ .\u00a0\u202f-]/g, "").toUpperCase();
  const month = Number(compact.slice(3, 5));
  // 20 to 42 and 50 to 99 stand for an unknown month. Source: INSEE.
  if (month === 0 || (month > 12 && month < 20) || (month > 42 && month < 50)) return false;
  const number = compact.slice(0, 13).replace("2A", "19").replace("2B", "18");
  return /^\d{13}$/.test(number) && 97 - mod97(number) === Number(compact.slice(13));
}
