using System.Runtime.InteropServices;

namespace Realtime.LatencyLab.Transport;

/// <summary>The few functions of libzmq that the comparison needs (api.zeromq.org, version 4.3).</summary>
internal static partial class Libzmq
{
    public const int Pub = 1;
    public const int Sub = 2;
    public const int OptionSubscribe = 6;
    public const int OptionLinger = 17;
    public const int OptionSendHighWaterMark = 23;
    public const int OptionReceiveHighWaterMark = 24;
    public const int OptionReceiveTimeout = 27;
    public const int OptionLastEndpoint = 32;
    public const int DontWait = 1;

    private const string Library = "libzmq.so.5";

    public static bool IsAvailable
    {
        get
        {
            if (!NativeLibrary.TryLoad(Library, out var handle)) return false;
            NativeLibrary.Free(handle);
            return true;
        }
    }

    [LibraryImport(Library, EntryPoint = "zmq_ctx_new")]
    public static partial nint NewContext();

    [LibraryImport(Library, EntryPoint = "zmq_ctx_term")]
    public static partial int EndContext(nint context);

    [LibraryImport(Library, EntryPoint = "zmq_socket")]
    public static partial nint NewSocket(nint context, int type);

    [LibraryImport(Library, EntryPoint = "zmq_close")]
    public static partial int Close(nint socket);

    [LibraryImport(Library, EntryPoint = "zmq_bind", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Bind(nint socket, string endpoint);

    [LibraryImport(Library, EntryPoint = "zmq_connect", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Connect(nint socket, string endpoint);

    [LibraryImport(Library, EntryPoint = "zmq_setsockopt")]
    public static unsafe partial int SetOption(nint socket, int option, void* value, nuint size);

    [LibraryImport(Library, EntryPoint = "zmq_getsockopt")]
    public static unsafe partial int GetOption(nint socket, int option, void* value, nuint* size);

    [LibraryImport(Library, EntryPoint = "zmq_send")]
    public static unsafe partial int Send(nint socket, byte* bytes, nuint size, int flags);

    [LibraryImport(Library, EntryPoint = "zmq_recv")]
    public static unsafe partial int Receive(nint socket, byte* bytes, nuint size, int flags);
}
