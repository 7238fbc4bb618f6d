import { compareQuantities } from "../fleet/quantity";

/** What one replica asks for and may use at most, as Kubernetes quantities. */
export interface Resources {
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
}

const FALLBACK: Resources = { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } };

/**
 * Adds what the settings do not say, resource by resource; an empty map says that there is to be none. What they do say
 * goes first: a limit rises to a request above it, and a request falls to a limit below it.
 */
export function withFallbackResources(own: {
  readonly requests?: Resources["requests"] | undefined;
  readonly limits?: Resources["limits"] | undefined;
}): Resources {
  const requests = filled(own.requests, FALLBACK.requests);
  const limits = filled(own.limits, FALLBACK.limits);
  for (const [name, limit] of Object.entries(limits)) {
    const request = requests[name];
    if (request === undefined || compareQuantities(request, limit) <= 0) continue;
    if (own.limits?.[name] === undefined) limits[name] = request;
    else requests[name] = limit;
  }
  return { requests, limits };
}

function filled(own: Resources["limits"] | undefined, fallback: Resources["limits"]): Record<string, string> {
  return own !== undefined && Object.keys(own).length === 0 ? {} : { ...fallback, ...own };
}
