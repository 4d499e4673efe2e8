package io.flagledger.server.flagd;

import com.google.protobuf.CodedOutputStream;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * What {@code flagd.sync.v1} answers with, as it goes over the wire: made once, and the same bytes for everybody. {@code
 * SyncFlagsResponse} and {@code FetchAllFlagsResponse} are the same in bytes; the context that they could bring along
 * would be put into every evaluation, so there is none.
 */
final class SyncResponse {
    /** The answer to {@code GetMetadata}, which clients no longer need but some still ask for. */
    static final SyncResponse EMPTY = new SyncResponse(new byte[0]);

    private static final int FLAG_CONFIGURATION = 1;

    /** Writes only: a server is never answered by itself. */
    static final MethodDescriptor.Marshaller<SyncResponse> MARSHALLER = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(SyncResponse response) {
            return new ByteArrayInputStream(response.bytes);
        }

        @Override
        public SyncResponse parse(InputStream in) {
            throw new UnsupportedOperationException("a response is written here and never read");
        }
    };

    private final byte[] bytes;

    private SyncResponse(byte[] bytes) {
        this.bytes = bytes;
    }

    static SyncResponse of(String flags) {
        byte[] bytes = new byte[CodedOutputStream.computeStringSize(FLAG_CONFIGURATION, flags)];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            out.writeString(FLAG_CONFIGURATION, flags);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException("there is room for all of it", e);
        }
        return new SyncResponse(bytes);
    }

    int length() {
        return bytes.length;
    }
}
