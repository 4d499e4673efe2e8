package io.flagledger.cli;

/** Names with their values, one below the other; what is empty is left out. */
record Sheet(Session session) {
    private static final int NAMES = 13;

    void line(String name, String value) {
        if (value.isEmpty()) {
            return;
        }
        String label = "  " + name + " ".repeat(Math.max(1, NAMES - name.length()));
        String margin = " ".repeat(label.length());
        boolean first = true;
        for (String line : Text.wrap(Text.oneLine(value), session.terminal().width() - label.length())) {
            session.out().println((first ? session.terminal().faint(label) : margin) + line);
            first = false;
        }
    }
}
