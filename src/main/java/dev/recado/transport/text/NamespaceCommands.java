package dev.recado.transport.text;

import dev.recado.base.Names;
import dev.recado.base.PercentCodec;
import dev.recado.base.Refusal;
import dev.recado.core.topic.CatalogChange;

/** The commands about namespaces: NAMESPACE. One session's, one owner. */
final class NamespaceCommands {

    private final Dialogue dialogue;
    private final CommandFields fields;

    NamespaceCommands(Dialogue dialogue) {
        this.dialogue = dialogue;
        this.fields = new CommandFields(dialogue);
    }

    void namespace(TextCommand command) {
        String what = command.fieldCount == 0 ? "" : command.raw(0);
        switch (what) {
            case "USE" -> use(command);
            case "LIST" -> {
                if (fields.fits(command, 1, 1, "NAMESPACE:LIST")) {
                    dialogue.answer(Lists.namespaces(dialogue.catalog(), this::isVisible));
                }
            }
            case "CREATE" -> {
                String name = fields.fits(command, 2, 2, "NAMESPACE:CREATE:<name>") ? fields.text(command, 1) : null;
                if (name != null) {
                    change(new CatalogChange.CreateNamespace(name), "CREATE", name);
                }
            }
            case "DELETE" -> delete(command);
            default -> fields.unknown(command, what);
        }
    }

    private boolean isVisible(String namespace) {
        return dialogue.environment.broker().mayEnter(dialogue.link.identity(), namespace) == null;
    }

    private void use(TextCommand command) {
        String name = fields.fits(command, 2, 2, "NAMESPACE:USE:<name>") ? fields.text(command, 1) : null;
        if (name == null) {
            return;
        }
        Refusal refusal = dialogue.enter(name);
        if (refusal == null) {
            dialogue.answer("OK:NAMESPACE:USE:" + PercentCodec.encode(name));
        } else {
            dialogue.refuse(refusal);
        }
    }

    private void delete(TextCommand command) {
        if (!fields.fits(command, 2, 3, "NAMESPACE:DELETE:<name>[:<options>]")) {
            return;
        }
        String name = fields.text(command, 1);
        boolean withTopics = command.is(2, "topics");
        if (command.fieldCount == 3 && command.fieldLength(2) > 0 && !withTopics) {
            fields.invalid("options=" + Names.shown(command.raw(2)) + " allowed=topics");
        } else if (name != null) {
            change(new CatalogChange.DeleteNamespace(name, withTopics), "DELETE", name);
        }
    }

    private void change(CatalogChange change, String what, String name) {
        dialogue.await(
                dialogue.link.change(change), catalog -> "OK:NAMESPACE:" + what + ":" + PercentCodec.encode(name));
    }
}
