import { createFleet } from "modelfleet";

// The stack's outputs: `npx modelfleet` reads them by these names.
export = createFleet();
