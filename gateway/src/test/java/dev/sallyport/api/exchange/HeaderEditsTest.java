package dev.sallyport.api.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeaderEditsTest {
    private final HeaderEdits edits = new HeaderEdits();

    @Test
    void addsBesideWhatWasAdded() {
        edits.add("X-A", "1").add("x-a", "2").remove("x-a");
        assertThat(edits.additions()).isEqualTo(2);
    }

    /// What a field says is one party's alone, whoever spoke before.
    @Test
    void HD_06_removesWhatOthersAddedWhereAFieldIsOnesOwn() {
        edits.add("X-User", "of a server").add("x-other", "1").add("x-user", "again");
        edits.removeAll("x-user").add("x-user", "anna");
        assertThat(edits.additions()).isEqualTo(2);
        assertThat(edits.name(0)).isEqualTo("x-other");
        assertThat(edits.value(1)).isEqualTo("anna");
    }

    @Test
    void setsInPlaceOfWhatWasAdded() {
        edits.add("x-user", "of a server").set("X-User", "anna");
        assertThat(edits.additions()).isEqualTo(1);
        assertThat(edits.value(0)).isEqualTo("anna");
    }
}
