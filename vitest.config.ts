import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const MINUTE_MS = 60_000;

/** The longest files begin first: at the end they would leave one core idle. For a fresh checkout; later vitest knows. */
const LONGEST = [
  "ingress",
  "switch",
  "readme",
  "crash",
  "examples",
  "failure",
  "drift",
  "package",
  "fleet",
  "split",
].map((name) => `/test/e2e/${name}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((path) => moduleId.endsWith(path));
      return place === -1 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // Of the clusters: their logs are exported, and they are taken down.
    teardownTimeout: 2 * MINUTE_MS,
    projects: [
      // Some start programs, which takes its time on a busy machine.
      {
        test: {
          name: "unit",
          // Loading Pulumi's packages for each file takes longer than the tests. They pass in any order of the files.
          isolate: false,
          maxWorkers: 2,
          include: ["test/unit/**/*.test.ts"],
          setupFiles: ["test/support/seed.ts"],
          testTimeout: MINUTE_MS / 2,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          // As for unit tests: no file changes what another one loads.
          isolate: false,
          globalSetup: ["test/support/global-setup.ts"],
          // Each file has a stack and a namespace of its own. Four for two cores: much of the time, a file waits for pods
          // or for the ingress controller.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
          testTimeout: 5 * MINUTE_MS,
          hookTimeout: 15 * MINUTE_MS,
        },
      },
    ],
  },
});
