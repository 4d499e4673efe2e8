// Prints a ledger's events as any Node program reads them: kafkajs for the bytes, @kafkajs/confluent-schema-registry for what
// they mean. It knows nothing of Flag Ledger. Ends after so many events; fails if they do not come, or one can't be read.
//   node read.mjs BOOTSTRAP REGISTRY TOPIC HOW_MANY
import { Kafka, logLevel } from 'kafkajs';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';

const [bootstrap, registryUrl, topic, howMany] = process.argv.slice(2);
const registry = new SchemaRegistry({ host: registryUrl });
const kafka = new Kafka({ brokers: [bootstrap], logLevel: logLevel.NOTHING });
const consumer = kafka.consumer({ groupId: `reads-${topic}-${process.pid}` });
let left = Number(howMany);

const end = async (status) => {
  await consumer.disconnect();
  process.exit(status);
};
const late = setTimeout(() => {
  console.error(`${left} of ${howMany} events did not come within 60 s`);
  end(1);
}, 60_000);

await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message }) => {
    if (left <= 0) return;
    if (message.value[0] !== 0) {
      console.log(`${message.key}  (single-object encoding: not for this client)`);
    } else {
      try {
        const event = await registry.decode(message.value);
        const change = Object.keys(event.change)[0].replace(/.*\./, '');
        console.log(`${message.key}  schema ${message.value.readInt32BE(1)}  ${event.actor.id}: ${change} of ${event.flag}, "${event.reason}"`);
      } catch (e) {
        console.error(`${message.key} can't be read: ${e.message}`);
        await end(1);
      }
    }
    if (--left === 0) {
      clearTimeout(late);
      setTimeout(() => end(0), 0); // not from within: the consumer waits for this to return
    }
  },
});
