package io.flagledger.embedded.junit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * A key and its self-signed certificate for {@code CN=<name>} and 127.0.0.1, good for two days.
 *
 * @param keyStore a PKCS #12 file
 * @param password of the file and of the key
 * @param certificate in PEM
 */
record Identity(Path keyStore, String password, String certificate) {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    /** Made by the JDK's own keytool, which is the one documented way that a JDK has to make a certificate. */
    static Identity make(Path folder, String name) {
        Path file = folder.resolve(name + ".p12");
        String password = "store-" + UUID.randomUUID();
        try {
            Process keytool = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            name,
                            "-dname",
                            "CN=" + name,
                            "-ext",
                            "san=ip:127.0.0.1",
                            "-keyalg",
                            "EC",
                            "-groupname",
                            "secp256r1",
                            "-validity",
                            "2",
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            file.toString(),
                            "-storepass",
                            password))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (keytool.waitFor() != 0) {
                throw new IllegalStateException("keytool failed: " + said);
            }
            return new Identity(file, password, certificate(file, password, name));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("can't make a key in " + folder, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while keytool runs", e);
        }
    }

    private static String certificate(Path file, String password, String name)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password.toCharArray());
        }
        return "-----BEGIN CERTIFICATE-----\n"
                + LINES.encodeToString(store.getCertificate(name).getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }
}
