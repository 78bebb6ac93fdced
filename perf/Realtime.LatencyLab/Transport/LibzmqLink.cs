using System.Diagnostics;
using System.Text;

namespace Realtime.LatencyLab.Transport;

/// <summary>PUB and SUB of libzmq, each in a context of its own, as two programs would have them.</summary>
internal sealed class LibzmqLink : ITransportLink
{
    private const int TimeoutMs = 1_000;

    private readonly bool _spin;
    private readonly nint _pubContext = Libzmq.NewContext();
    private readonly nint _subContext = Libzmq.NewContext();
    private readonly nint _pub;
    private readonly nint _sub;

    public unsafe LibzmqLink(bool spin)
    {
        _spin = spin;
        _pub = Libzmq.NewSocket(_pubContext, Libzmq.Pub);
        _sub = Libzmq.NewSocket(_subContext, Libzmq.Sub);

        // No high-water mark: nothing is lost in a flood.
        Set(_pub, Libzmq.OptionSendHighWaterMark, 0);
        Set(_sub, Libzmq.OptionReceiveHighWaterMark, 0);
        Set(_pub, Libzmq.OptionLinger, 0);
        Set(_sub, Libzmq.OptionLinger, 0);
        Set(_sub, Libzmq.OptionReceiveTimeout, TimeoutMs);
        if (Libzmq.Bind(_pub, "tcp://127.0.0.1:*") != 0) throw new InvalidOperationException("libzmq cannot bind");
        Span<byte> endpoint = stackalloc byte[128];
        nuint size = 128;
        fixed (byte* at = endpoint)
        {
            if (Libzmq.GetOption(_pub, Libzmq.OptionLastEndpoint, at, &size) != 0)
            {
                throw new InvalidOperationException("libzmq has no endpoint");
            }
            if (Libzmq.SetOption(_sub, Libzmq.OptionSubscribe, at, 0) != 0) throw new InvalidOperationException("libzmq cannot subscribe");
        }

        if (Libzmq.Connect(_sub, Encoding.ASCII.GetString(endpoint[..((int)size - 1)])) != 0)
        {
            throw new InvalidOperationException("libzmq cannot connect");
        }

        // PUB drops what nobody has subscribed to yet: send until one message comes through, then take the rest of them.
        Span<byte> probe = stackalloc byte[1];
        Span<byte> sink = stackalloc byte[16];
        var tries = 0;
        do
        {
            if (++tries > 5_000) throw new InvalidOperationException("libzmq did not connect");
            Send(probe);
            Thread.Sleep(1);
        }
        while (TryReceive(sink, Libzmq.DontWait) < 0);
        Thread.Sleep(100);
        while (TryReceive(sink, Libzmq.DontWait) >= 0)
        {
            // A probe that was under way.
        }
    }

    public unsafe void Send(ReadOnlySpan<byte> message)
    {
        fixed (byte* at = message) Libzmq.Send(_pub, at, (nuint)message.Length, 0);
    }

    public int Receive(Span<byte> into)
    {
        if (!_spin) return TryReceive(into, 0);
        for (var start = Stopwatch.GetTimestamp(); ;)
        {
            var length = TryReceive(into, Libzmq.DontWait);
            if (length >= 0 || Stopwatch.GetElapsedTime(start).TotalMilliseconds > TimeoutMs) return length;
        }
    }

    public void Dispose()
    {
        _ = Libzmq.Close(_sub);
        _ = Libzmq.Close(_pub);
        _ = Libzmq.EndContext(_subContext);
        _ = Libzmq.EndContext(_pubContext);
    }

    private static unsafe void Set(nint socket, int option, int value)
    {
        if (Libzmq.SetOption(socket, option, &value, sizeof(int)) != 0)
        {
            throw new InvalidOperationException($"libzmq refuses option {option}");
        }
    }

    private unsafe int TryReceive(Span<byte> into, int flags)
    {
        fixed (byte* at = into) return Libzmq.Receive(_sub, at, (nuint)into.Length, flags);
    }
}
