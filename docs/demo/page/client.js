// Engines for the page: workers made from the text that is bundled with it, so that nothing has to be fetched.
import workerText from "worker-text";

function makeWorker() {
  const address = URL.createObjectURL(new Blob([workerText], { type: "text/javascript" }));
  return new Worker(address);
}

/** An engine that answers every request, one after the other. */
export function makeEngine() {
  const worker = makeWorker();
  const waiting = new Map();
  let last = 0;
  worker.onerror = ({ message }) => {
    for (const { reject } of waiting.values()) reject(new Error(message));
    waiting.clear();
  };
  worker.onmessage = ({ data: { id, answer, error, took } }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(new Error(error));
    else resolve({ answer, took });
  };
  return (task, request) => new Promise((resolve, reject) => {
    const id = ++last;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, task, ...request });
  });
}

/**
 * Asks for what was wished last: while one request is under way, only the latest of those that follow is kept. `show`
 * gets each answer with its request and what it cost in milliseconds, from the wish on and in the engine alone.
 */
export function latestOnly(engine, task, show, fail) {
  let busy = false, next = null;
  const ask = async (request, wished) => {
    busy = true;
    try {
      const { answer, took } = await engine(task, request);
      show(answer, request, { engine: took, all: performance.now() - wished });
    } catch (error) {
      fail(error);
    }
    busy = false;
    if (next) {
      const [coming, since] = next;
      next = null;
      ask(coming, since);
    }
  };
  return (request) => {
    if (busy) next = [request, performance.now()];
    else ask(request, performance.now());
  };
}
