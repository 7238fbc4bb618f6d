import { command } from "../../lib/command";

export const env = command({
  summary: "Print the variables with which a shell's pulumi and kubectl work on the fleet of npm start",
  options: {},
  examples: [
    ['eval "$(npm run --silent env)"', "set them in this shell"],
    ["npm run --silent env > fleet.env", "keep them in a file for other shells"],
  ],
  run: async () => (await import("../env")).printEnvironment(),
});
