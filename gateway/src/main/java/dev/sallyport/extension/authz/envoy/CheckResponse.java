package dev.sallyport.extension.authz.envoy;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.sallyport.api.plugin.OffLoop;
import dev.sallyport.extension.authz.FieldText;
import dev.sallyport.extension.authz.Ruling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `envoy.service.auth.v3.CheckResponse`. A status that is there and OK allows; any other denies, and so does a
/// denial beside it. A message without status is no answer: it could be one of another service, where Envoy would take
/// it for OK. Nor is one that says the server failed.
@OffLoop("virtual threads of the questions")
final class CheckResponse {
    private static final int STATUS = 1;
    private static final int DENIED = 2;
    private static final int OK = 3;
    private static final int FAILED = 5;
    private static final int CODE = 1;
    private static final int HTTP_STATUS = 1;
    private static final int HTTP_CODE = 1;
    private static final int DENIED_BODY = 3;
    private static final int OK_HEADERS = 2;
    private static final int OPTION_HEADER = 1;
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int RAW_VALUE = 3;

    private boolean answered;
    private boolean denied;
    private boolean failed;
    private int code;
    private int httpStatus;
    private @Nullable String body;
    private final List<Ruling.Field> fields = new ArrayList<>();

    private CheckResponse() {}

    /// What `message` decides.
    ///
    /// @throws IOException when it is no such message
    static Ruling of(byte[] message) throws IOException {
        CheckResponse response = new CheckResponse();
        response.read(CodedInputStream.newInstance(message));
        if (!response.answered && !response.denied) {
            throw new IOException("an answer without status");
        }
        if (response.failed) {
            throw new IOException("an answer that tells of an error");
        }
        return response.code == 0 && !response.denied
                ? Ruling.allow(response.fields)
                : Ruling.deny(response.httpStatus, response.body);
    }

    private void read(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (field(tag)) {
                case STATUS -> {
                    answered = true;
                    code = numberIn(message(in, tag), CODE, code);
                }
                case DENIED -> {
                    denied = true;
                    denied(message(in, tag));
                }
                case OK -> ok(message(in, tag));
                case FAILED -> {
                    failed = true;
                    in.skipField(tag);
                }
                default -> in.skipField(tag);
            }
        }
    }

    private void denied(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (field(tag)) {
                case HTTP_STATUS -> httpStatus = numberIn(message(in, tag), HTTP_CODE, httpStatus);
                case DENIED_BODY -> body = text(in, tag);
                default -> in.skipField(tag);
            }
        }
    }

    private void ok(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (field(tag) == OK_HEADERS) {
                option(message(in, tag));
            } else {
                in.skipField(tag);
            }
        }
    }

    /// `HeaderValueOption`; whether it appends makes no difference, since nothing of the client's is left to append to.
    private void option(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (field(tag) == OPTION_HEADER) {
                header(message(in, tag));
            } else {
                in.skipField(tag);
            }
        }
    }

    private void header(CodedInputStream in) throws IOException {
        String key = "";
        String value = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (field(tag)) {
                case KEY -> key = text(in, tag);
                case VALUE, RAW_VALUE -> value = text(in, tag);
                default -> in.skipField(tag);
            }
        }
        // pseudo-fields would change the request, not add to it
        if (!key.startsWith(":")) {
            fields.add(FieldText.field(key, value));
        }
    }

    private static int numberIn(CodedInputStream in, int wanted, int before) throws IOException {
        int found = before;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (field(tag) == wanted) {
                expect(WireFormat.WIRETYPE_VARINT, tag);
                found = in.readInt32();
            } else {
                in.skipField(tag);
            }
        }
        return found;
    }

    private static int field(int tag) {
        return WireFormat.getTagFieldNumber(tag);
    }

    private static void expect(int wireType, int tag) throws IOException {
        if (WireFormat.getTagWireType(tag) != wireType) {
            throw new IOException("a field of another type");
        }
    }

    private static String text(CodedInputStream in, int tag) throws IOException {
        expect(WireFormat.WIRETYPE_LENGTH_DELIMITED, tag);
        return in.readStringRequireUtf8();
    }

    /// The message that the field just begun holds.
    private static CodedInputStream message(CodedInputStream in, int tag) throws IOException {
        expect(WireFormat.WIRETYPE_LENGTH_DELIMITED, tag);
        return CodedInputStream.newInstance(in.readByteArray());
    }
}
