import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;

/** Puts a record that is no event into an environment's partition, as nobody but a broken tool would: BOOTSTRAP ENVIRONMENT SEQUENCE. */
class Garbage {
    public static void main(String[] args) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", args[0]), new StringSerializer(), new StringSerializer())) {
            String topic = "flag-ledger.events";
            int partitions = producer.partitionsFor(topic).size();
            int partition = Utils.toPositive(Utils.murmur2(args[1].getBytes())) % partitions;
            producer.send(new ProducerRecord<>(topic, partition, args[1] + "/" + args[2], "no event")).get();
        }
    }
}
