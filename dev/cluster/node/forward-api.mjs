// Forwards connections from the node to the API server, which listens on loopback only: it listens on the machine's end
// of the node's link. Plain JavaScript, because Node.js starts ten times faster without a compiler.
// usage: node forward-api.mjs ADDRESS PORT
import { connect, createServer } from "node:net";

const [address, port] = process.argv.slice(2);

createServer({ noDelay: true }, (near) => {
  const far = connect({ host: "127.0.0.1", port: Number(port), noDelay: true });
  near.pipe(far).pipe(near);
  near.on("error", () => far.destroy());
  far.on("error", () => near.destroy());
  near.on("close", () => far.destroy());
  far.on("close", () => near.destroy());
}).listen(Number(port), address);
