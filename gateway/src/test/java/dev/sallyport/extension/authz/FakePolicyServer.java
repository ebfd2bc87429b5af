package dev.sallyport.extension.authz;

import java.util.Map;

/// A policy server that decides as a test wants, and misbehaves on demand.
public interface FakePolicyServer extends AutoCloseable {
    String url();

    void allow(Map<String, String> headers);

    void deny(int status, String reason);

    /// Answers nothing at all.
    void stall();

    /// Answers with what is no answer.
    void answerGarbage();

    /// Answers with more than anybody wants to read.
    void answerTooMuch();

    /// Sends whoever asks elsewhere.
    void redirect();

    /// Fails, as its protocol has it.
    void fail();

    /// Keeps every answer back until [#release()].
    void hold();

    void release();

    /// How many questions came.
    int asked();

    /// The latest question, in some readable form.
    String lastQuestion();

    /// The value of a field beside the latest question, or "".
    String lastField(String name);

    @Override
    void close();
}
