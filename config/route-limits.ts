import { hostsOf, modelPaths } from "../fleet/names";
import type { FleetSettings } from "./fleet-schema";
import { usesGateway } from "./gateway-rules";
import { modelHeaderOf } from "./openai-rules";
import { problem, type Problem } from "./problem";

/** What an HTTPRoute has at most. @see https://gateway-api.sigs.k8s.io/reference/api-spec/main/spec/#httproutespec */
const MAX_RULES = 16;
const MAX_HOSTS = 16;

/** What decides how many rules the HTTPRoute of a model has. */
interface Routed {
  readonly id: string;
  readonly path: string;
  readonly aliases: readonly string[];
  readonly challengers?: readonly { readonly headers?: object | undefined }[];
}

/** HTTPRoutes that the API server would refuse for their size. */
export function problemsOfRouteLimits(
  routing: FleetSettings["routing"],
  models: readonly Routed[],
): Problem[] {
  if (!usesGateway(routing)) return [];
  const hosts = hostsOf(routing).length;
  const tooMany = `are ${hosts} hosts with routing.host, and an HTTPRoute has at most ${MAX_HOSTS}`;
  return [
    ...(hosts > MAX_HOSTS ? [problem("routing.additionalHosts", undefined, tooMany, "remove some")] : []),
    ...models.flatMap((model) => problemsOfRules(routing, model)),
  ];
}

/** Each path has a rule for each variant that headers name, and one for the rest. */
function problemsOfRules(
  routing: FleetSettings["routing"],
  { id, challengers = [], ...model }: Routed,
): Problem[] {
  const paths = modelPaths(model).length;
  const isShared = modelHeaderOf(routing) !== undefined;
  const named = challengers.filter(({ headers }) => headers !== undefined).length;
  const [entrances, each] = [paths + (isShared ? 1 : 0), named + 1];
  if (entrances * each <= MAX_RULES) return [];
  const have = [
    `${paths} paths`,
    ...(isShared ? ["the one of routing.openai"] : []),
    ...(named > 0 ? [`variants with headers: ${named}`] : []),
  ].join(", ");
  const rule = `its HTTPRoute would have ${entrances} x ${each} = ${entrances * each} rules (${have}), and at most ${MAX_RULES} are possible`;
  const fix = "remove some of its aliases, routing.formerPathPrefixes or headers of variants";
  return [problem(`catalog.${id}`, undefined, rule, fix)];
}
