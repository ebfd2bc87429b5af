package dev.sallyport.app.cli.review;

import dev.sallyport.controlplane.rights.Right;
import java.util.ArrayList;
import java.util.List;

/// What rights depend on, numbered as they come up.
final class Notes {
    private final List<String> texts = new ArrayList<>();

    /// The number of what `right` depends on, from 1; 0 where it depends on nothing.
    int number(Right right) {
        if (right.isAlways() || right.isNever()) {
            return 0;
        }
        String text = right.toString();
        int known = texts.indexOf(text);
        if (known >= 0) {
            return known + 1;
        }
        texts.add(text);
        return texts.size();
    }

    List<String> texts() {
        return texts;
    }
}
