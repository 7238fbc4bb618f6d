import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { ROOT } from "../../lib/paths";

const EXAMPLES = join(ROOT, "examples");
const FOLDER = join(EXAMPLES, "settings");

/** A stack's settings file that users copy. */
export interface Example {
  /** The file's name without its ending. */
  readonly name: string;
  readonly text: string;
  /** The config keys, `modelfleet:` left out, with their values. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The requests that its comment names. */
  readonly requests: readonly ExampleRequest[];
}

/** A request, and what it is answered with. */
export interface ExampleRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
  /** A part of the body. @default any body */
  readonly answer: string;
}

/** Every file in `examples/settings`, by name. */
export function examples(): Example[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => {
      const text = readFileSync(join(FOLDER, file), "utf8");
      return { name: file.replace(/\.yaml$/, ""), text, config: configOf(text), requests: requestsOf(text) };
    });
}

/** The config of an example that has a folder of its own, with the fields that a test reads. @param folder Its name in `examples`. */
export function exampleConfig<T>(folder: string): T & Readonly<Record<string, object>> {
  return configOf(readFileSync(join(EXAMPLES, folder, "Pulumi.example.yaml"), "utf8")) as T &
    Record<string, object>;
}

function configOf(text: string): Record<string, unknown> {
  const { config } = parse(text) as { config: Record<string, unknown> };
  const keys = Object.entries(config).map(([key, value]) => [key.replace(/^modelfleet:/, ""), value]);
  return Object.fromEntries(keys) as Record<string, unknown>;
}

/** Comments such as `# curl -H 'x-variant: candidate' http://...`, each with `# 200 <a part of the body>` below. */
function requestsOf(text: string): ExampleRequest[] {
  return [...text.matchAll(/^# curl (.*?)(https?:\S+)\n# (\d{3})(?: (.*))?$/gm)].map(
    ([, options = "", url = "", status, answer = ""]) => {
      const headers = [...options.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name, value]);
      return {
        url,
        headers: Object.fromEntries(headers) as Record<string, string>,
        status: Number(status),
        answer,
      };
    },
  );
}
