import type { AnomalySettings } from "./anomaly-settings.js";
import type { Backtest } from "./backtest.js";
import { numberText, percentText, type Language } from "./finding-text.js";

/** What was asked: days of the zone, and where the settings came from; undefined for the defaults. */
type Asked = { readonly from: string; readonly to: string; readonly zone: string; readonly file: string | undefined };

/** A backtest as lines for a terminal: the mornings, the rules, the budget of false alarms, the settings, the busiest days. */
export function backtestLines(result: Backtest, { from, to, zone, file }: Asked, settings: AnomalySettings, language: Language): string[] {
  const number = (value: number, digits = 0): string => numberText(value, language, digits);
  const { mornings, flagged, allClear, incidents, failures, testedPerHundredPipelines: tested } = result;
  const rules = Object.entries(result.findings).map(([kind, count]) => `${kind} ${number(count)}`);
  const [muted, maintenance, sensitivity] = [settings.muted, settings.maintenance, settings.sensitivity].map((list) => number(list.length));
  const rate = percentText(settings.falseDiscoveryRate, language);
  if (language === "en")
    return [
      `${from} → ${to} (${zone}): mornings ${number(mornings)}, with something new ${number(flagged)}, all clear ${number(allClear)}, incidents ${number(incidents)}, failures ${number(failures)}.`,
      `By rule: ${rules.length > 0 ? rules.join(", ") : "none"}.`,
      `False alarms accepted: ${rate} of the findings by test (${number(tested, 3)} a morning for 100 pipelines).`,
      `Settings: ${file ?? "defaults"}, muted patterns ${muted}, maintenance windows ${maintenance}, sensitivities ${sensitivity}, regressed after ${number(settings.regressedAfterDays)} quiet days.`,
      ...result.busiest.map((day) => `  ${day.date}: incidents ${number(day.incidents)}, failures ${number(day.failures)}`),
    ];
  return [
    `${from} → ${to} (${zone})\u202f: ${number(mornings)} matins, ${number(flagged)} avec du nouveau, ${number(allClear)} RAS, ${number(incidents)} incidents, ${number(failures)} échecs.`,
    `Par règle\u202f: ${rules.length > 0 ? rules.join(", ") : "aucune"}.`,
    `Fausses alertes acceptées\u202f: ${rate} des constats par test (${number(tested, 3)} par matin pour 100 pipelines).`,
    `Réglages\u202f: ${file ?? "par défaut"}, ${muted} motifs muets, ${maintenance} maintenances, ${sensitivity} sensibilités, régression après ${number(settings.regressedAfterDays)} jours calmes.`,
    ...result.busiest.map((day) => `  ${day.date}\u202f: ${number(day.incidents)} incidents, ${number(day.failures)} échecs`),
  ];
}
