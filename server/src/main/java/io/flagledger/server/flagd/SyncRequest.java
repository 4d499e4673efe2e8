package io.flagledger.server.flagd;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code flagd.sync.v1} asks with: {@code SyncFlagsRequest} and {@code FetchAllFlagsRequest} are the same in bytes,
 * and {@code GetMetadataRequest} is empty.
 *
 * @param selector which flags; empty where that is not said, or said in a header
 * @param unreadable why it is no request; null if it is one. A marshaller can't refuse: what it throws reaches the caller as
 *     UNKNOWN, and the log as a fault of ours
 */
record SyncRequest(String selector, @Nullable String unreadable) {
    private static final int SELECTOR = 2;

    /** Reads only: a server is never asked by itself. */
    static final MethodDescriptor.Marshaller<SyncRequest> MARSHALLER = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(SyncRequest request) {
            throw new UnsupportedOperationException("a request is read here and never written");
        }

        @Override
        public SyncRequest parse(InputStream in) {
            try {
                return read(CodedInputStream.newInstance(in));
            } catch (IOException e) {
                return new SyncRequest("", "this is no request of flagd.sync.v1: " + e.getMessage());
            }
        }
    };

    private static SyncRequest read(CodedInputStream in) throws IOException {
        String selector = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == SELECTOR
                    && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                selector = in.readStringRequireUtf8();
            } else {
                in.skipField(tag);
            }
        }
        return new SyncRequest(selector, null);
    }
}
