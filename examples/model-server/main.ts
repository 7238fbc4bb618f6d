import { main } from "../../lib/main";
import { portFromEnv, run } from "../common/serve";
import { loadModel, modelFromEnv } from "./model";
import { modelServer } from "./routes";

// It listens only after the model is loaded and has run once: a server that answers is ready.
await main(async () =>
  run(modelServer(await loadModel(modelFromEnv(process.env))), portFromEnv(process.env)),
);
