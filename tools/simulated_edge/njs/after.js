// Stands after the function's own text in one script: runs it for each event, and writes what it made.
import simulated from 'cloudfront';

function write(outcome) {
  require('fs').writeFileSync(process.argv[3], JSON.stringify(outcome));
}

function runFrom(at, made) {
  const events = simulated.exchange.events;
  if (at === events.length) {
    write({ requests: made, asked: simulated.asked });
    return;
  }
  Promise.resolve(handler(events[at])).then(
    (request) => {
      made.push(request);
      runFrom(at + 1, made);
    },
    (error) => write({ error: String(error) })
  );
}

if (simulated.exchange.now !== null) Date.now = () => simulated.exchange.now;
runFrom(0, []);
