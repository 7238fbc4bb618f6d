export { ROOT } from "./bootstrap.mjs";
