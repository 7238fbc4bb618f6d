import { stringify } from "yaml";
import { PRESETS } from "../../config/presets";

const INTRODUCTION = `# Runtimes

Generated from \`config/presets.ts\` by \`npm run docs\`.

A runtime is the server that a model runs in. It says the image, in a pinned version, and what that server needs, so that a model says only
where its files are ([artefacts](artefacts.md)):

<!-- settings -->
\`\`\`yaml
models: [llm]
catalog:
  llm:
    runtime: vllm
    storageUri: hf://Qwen/Qwen3-0.6B
    revision: c1899de289a04d12100db370d81485cdf75e47ca
    args: [--max-model-len=8192]
    resources: { limits: { nvidia.com/gpu: 1, memory: 16Gi } }
\`\`\`

- What is set beside \`runtime\`, or in a layer above it, wins over the runtime. A model's runtime wins over \`defaults\`, and what \`defaults\` say of
  another server's \`command\`, \`args\` and \`streams\` is left out.
- A runtime has its own arguments in \`command\`, so \`args\` are yours, and come after them. A variable or an argument that contradicts \`port\` or
  \`storageUri\` is an error.
- \`$(MODEL_NAME)\` is the model's ID, \`$(PORT)\` its \`port\`, \`$(MODEL_PATH)\` the folder of its files, or the file if \`storageUri\` names one, and
  \`$(MODEL_REVISION)\` the \`revision\` of a model that the server loads from Hugging Face by itself. If the image has the model, set
  \`env.MODEL_PATH\` to its place in there.
- \`runtimes\` has the fleet's own, in the same form. One with the name of a preset changes that preset, such as its image:

<!-- settings -->
\`\`\`yaml
runtimes:
  vllm: { image: "registry.example/mirror/vllm-openai:v0.33.0" }
  scorer:
    image: registry.example/scorer:7
    env: { SCORER_FILE: $(MODEL_PATH), SCORER_PORT: $(PORT) }
    port: 9000
    readiness: { path: /healthz }
catalog:
  iris: { runtime: scorer, storageUri: pvc://models/iris/model.bin }
\`\`\`

MLServer was run here, with a model of scikit-learn. The other servers need images and devices that the tests do not have: their flags, variables
and paths are those of their documentation, and of the versions named here.
`;

/** The page docs/runtimes.md, generated from the presets that models run with. */
export function runtimesPage(): string {
  const sections = Object.entries(PRESETS).map(
    ([name, { about, sources, settings }]) => `## ${name}

${about}

\`\`\`yaml
${stringify(settings, { lineWidth: 0 }).trim()}
\`\`\`

Documented in ${sources.map((url) => `<${url}>`).join(" and ")}.
`,
  );
  return [INTRODUCTION, ...sections].join("\n");
}
