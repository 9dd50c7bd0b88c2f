package dev.recado.app;

/** The version in the JAR's manifest. */
final class BuildVersion {

    private BuildVersion() {}

    static String number() {
        String version = BuildVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** As protocols show it: {@code recado/<version>}. */
    static String full() {
        return "recado/" + number();
    }
}
