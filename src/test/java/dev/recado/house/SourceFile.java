package dev.recado.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Java file as the house rules see it: its lines, and its code with comments and literals blanked out. */
record SourceFile(Path path, String text) {

    /** One method or constructor, from the line of its opening brace to that of the closing one. */
    record Method(String head, int firstLine, int lineCount) {}

    private static final Pattern LITERAL_OR_COMMENT = Pattern.compile(
            "\"\"\"(?:\\\\.|(?!\"\"\")[\\s\\S])*+\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*+\"|'(?:\\\\.|[^'\\\\\n])*+'"
                    + "|//[^\n]*+|/\\*(?:(?!\\*/)[\\s\\S])*+\\*/");

    private static final Pattern METHOD_HEAD = Pattern.compile("(?s).*\\)\\s*(?:throws\\s[\\w.,\\s<>@]+)?$");

    private static final Pattern NO_METHOD =
            Pattern.compile("(?s)^\\s*(?:if|else|for|while|switch|catch|try|synchronized|do|return|case|default)\\b.*"
                    + "|.*(?:\\bnew\\b|\\brecord\\b|->|=).*");

    static SourceFile read(Path path) {
        try {
            return new SourceFile(path, Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> lines() {
        return text.lines().toList();
    }

    /** The text with every comment and literal replaced by as many line ends as it had, so that line numbers stay. */
    String code() {
        StringBuilder code = new StringBuilder(text.length());
        Matcher matcher = LITERAL_OR_COMMENT.matcher(text);
        int from = 0;
        while (matcher.find()) {
            code.append(text, from, matcher.start()).append(' ');
            code.append("\n"
                    .repeat((int) matcher.group().chars().filter(c -> c == '\n').count()));
            from = matcher.end();
        }
        return code.append(text, from, text.length()).toString();
    }

    /** Every method; what stands before its brace, back to the last {@code ; { }}, tells it from other blocks. */
    List<Method> methods() {
        String code = code();
        List<Method> methods = new ArrayList<>();
        List<Method> open = new ArrayList<>();
        int line = 1;
        int headFrom = 0;
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            if (c == '\n') {
                line++;
            } else if (c == '{') {
                open.add(new Method(code.substring(headFrom, i).strip(), line, 0));
            } else if (c == '}' && !open.isEmpty()) {
                Method method = open.remove(open.size() - 1);
                if (isMethod(method.head())) {
                    methods.add(new Method(method.head(), method.firstLine(), line - method.firstLine() + 1));
                }
            }
            if (c == '{' || c == '}' || c == ';') {
                headFrom = i + 1;
            }
        }
        return methods;
    }

    private static boolean isMethod(String head) {
        String withoutAnnotations = head.replaceAll("@\\w+(?:\\([^()]*\\))?", "");
        return METHOD_HEAD.matcher(withoutAnnotations).matches()
                && !NO_METHOD.matcher(withoutAnnotations).matches();
    }
}
