import type { Window } from "./case.js";

const at = (text: string): number => Date.parse(text);
const window = (fr: string, en: string, from: string, to: string): Window => ({ fr, en, from: at(from), to: at(to) });

export const springWindows = [
  window("hier", "yesterday", "2026-05-05T00:00+02:00", "2026-05-06T00:00+02:00"),
  window("avant-hier", "the day before yesterday", "2026-05-04T00:00+02:00", "2026-05-05T00:00+02:00"),
  window("cette nuit", "last night", "2026-05-05T18:00+02:00", "2026-05-06T08:00+02:00"),
  window("la semaine dernière", "last week", "2026-04-27T00:00+02:00", "2026-05-04T00:00+02:00"),
  window("depuis lundi", "since Monday", "2026-05-04T00:00+02:00", "2026-05-06T08:00+02:00"),
  window("le 30 avril", "on April 30", "2026-04-30T00:00+02:00", "2026-05-01T00:00+02:00"),
  window("ces 3 derniers jours", "in the last 3 days", "2026-05-03T08:00+02:00", "2026-05-06T08:00+02:00"),
  window("le week-end dernier", "last weekend", "2026-05-02T00:00+02:00", "2026-05-04T00:00+02:00"),
];
export const longWindows = [
  window("en février", "in February", "2026-02-01T00:00+01:00", "2026-03-01T00:00+01:00"),
  window("le 29 mars", "on March 29", "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00"),
  window("du 20 au 24 février", "from February 20 to February 24", "2026-02-20T00:00+01:00", "2026-02-25T00:00+01:00"),
  window("le mois dernier", "last month", "2026-04-01T00:00+02:00", "2026-05-01T00:00+02:00"),
];
export const buildWindows = [
  window("hier", "yesterday", "2016-11-17T00:00+01:00", "2016-11-18T00:00+01:00"),
  window("avant-hier", "the day before yesterday", "2016-11-16T00:00+01:00", "2016-11-17T00:00+01:00"),
  window("depuis le 15 novembre", "since November 15", "2016-11-15T00:00+01:00", "2016-11-18T20:00+01:00"),
  window("hier entre 14h et 18h", "yesterday between 2pm and 6pm", "2016-11-17T14:00+01:00", "2016-11-17T18:00+01:00"),
  window("en 2015", "in 2015", "2015-01-01T00:00+01:00", "2016-01-01T00:00+01:00"),
  window("aujourd'hui", "today", "2016-11-18T00:00+01:00", "2016-11-18T20:00+01:00"),
];
