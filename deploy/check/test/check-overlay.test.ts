import { readFiles } from "./repository.js";
import { checkManifests } from "../src/check-manifests.js";

const known = readFiles();
describe("Kubernetes manifests as a whole", () => {
  const files = [...known.manifests.filter((file) => file.includes("/base/")), "deploy/kubernetes/components/hpa/autoscaler.yaml"];
  const whole = files.map((file) => known.read(file)).join("\n---\n");
  const problems = (text: string) =>
    checkManifests(text, { variables: known.variables, waitingList: known.waitingList, whole: true }).map(
      ({ where, message }) => `${where}: ${message}`,
    );
  test("as they are, have no problem", () => {
    expect(problems(whole)).toEqual([]);
  });
  test.each([
    [
      "a budget for no pod",
      /(name: worker\nspec:\n {2}maxUnavailable: 1\n.*\n.*name: )worker/,
      "$1labourer",
      "PodDisruptionBudget/worker: selects no pod",
    ],
    [
      "a policy that names nobody",
      "[api, worker, reporter, cli]",
      "[api, labourer, reporter]",
      "NetworkPolicy/https-out: there is no pod labourer",
    ],
    [
      "a policy for a port that is not there",
      "port: http, protocol",
      "port: https, protocol",
      "NetworkPolicy/http-to-the-api: not every pod that it guards has a port https",
    ],
    [
      "an autoscaler of nothing",
      "kind: Deployment, name: worker",
      "kind: Deployment, name: labourer",
      "HorizontalPodAutoscaler/worker: scales nothing that is here",
    ],
    ["a service of no pod", /(spec:\n {2}selector: \{ .*: )api/, "$1apis", "Service/api: selects no pod"],
  ])("%s, is found", (_what, from, to, expected) => {
    expect(problems(whole.replace(from, to))).toContain(expected);
  });
});
