package io.flagledger.server.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;

/** Pictures for docs/images: {@code mvn test -pl server -am -Dtest='*PageTest' -Dconsole.pictures=$PWD/docs/images}. */
final class Pictures {
    static final String FOLDER = "console.pictures";

    private static final List<List<String>> SQUEEZERS = List.of(
            List.of("pngquant", "--force", "--skip-if-larger", "--quality=80-98", "--ext", ".png"),
            List.of("optipng", "-quiet", "-strip", "all"));

    private Pictures() {}

    static void take(ChromeDriver browser, String name) {
        @Nullable String folder = System.getProperty(FOLDER);
        if (folder == null) {
            return;
        }
        try {
            for (String scheme : List.of("dark", "light")) {
                Chromium.paint(browser, scheme);
                Path picture = Files.createDirectories(Path.of(folder)).resolve(name + "-" + scheme + ".png");
                Files.write(picture, browser.getScreenshotAs(OutputType.BYTES));
                for (List<String> squeezer : SQUEEZERS) {
                    squeeze(squeezer, picture);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the program is there; a picture is as good without, only larger. */
    private static void squeeze(List<String> command, Path picture) {
        try {
            List<String> whole = new ArrayList<>(command);
            whole.add(picture.toString());
            new ProcessBuilder(whole).inheritIO().start().waitFor(20, TimeUnit.SECONDS);
        } catch (IOException e) {
            System.err.println(command.get(0) + " is not there, so " + picture + " stays as large as it is");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
