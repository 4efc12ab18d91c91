// The training thread: its first message is the compiled module, all later ones are commands to src/web/worker.rs.
import { initSync } from "./separation-playground.js";

onmessage = ({ data }) => initSync({ module: data });
