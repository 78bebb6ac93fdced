using Realtime.Acquisition.Predictions;
using Realtime.Engine.Answers;
using Realtime.Engine.Decoding;
using Realtime.Engine.Time;

namespace Realtime.Interop.Tests.Predictions;

/// <summary>A pyzmq publisher, an example subscriber connected to it, and what a test of the pair needs.</summary>
internal sealed class ClientRig : IDisposable
{
    public const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    public const long MillisecondNs = 1_000_000;

    /// <summary>
    /// The client's bounds, ms. Ages are well apart from the bound (1 ms or 90 s), so that a slow machine changes nothing.
    /// </summary>
    public const string MaxAgeMs = "60000";

    /// <inheritdoc cref="MaxAgeMs"/>
    public const string SilenceMs = "1000";

    private readonly PythonPeer _publisher = PythonPeer.Start("Predictions/publish.py");
    private readonly IDisposable _client;
    private readonly byte[] _buffer;
    private PredictionMessageWriter _writer = NewWriter("run a", Hash);

    /// <param name="start">Starts the client for an endpoint.</param>
    /// <param name="statusName">How the client spells a status.</param>
    /// <param name="readLine">The client's next line of output.</param>
    public ClientRig(Func<string, IDisposable> start, Func<AnswerStatus, string> statusName, Func<IDisposable, string> readLine)
    {
        _buffer = new byte[_writer.MaxBytes + 64];
        StatusName = statusName;
        var port = _publisher.ReadLine();
        _client = start("tcp://127.0.0.1:" + port);
        NextLine = () => readLine(_client);
        Assert.Equal("safe start", NextLine());
        _publisher.Expect("subscribed prediction");
    }

    public Func<AnswerStatus, string> StatusName { get; }

    /// <summary>The client's next line of output, whatever it is.</summary>
    public Func<string> NextLine { get; }

    public static TickAnswer Answer(long tick) =>
        new() { Tick = tick, EmittedNs = MonotonicClock.Instance.NowNs, AgeNs = MillisecondNs, Status = AnswerStatus.Fresh };

    /// <summary>The client's next line but those about silence: a busy machine may be slow between two messages.</summary>
    public string Says()
    {
        while (true)
        {
            var line = NextLine();
            var silent = line.StartsWith("safe silence", StringComparison.Ordinal);
            if (!silent && !line.StartsWith("safe no connection", StringComparison.Ordinal)) return line;
        }
    }

    public void SaysAct(long tick) => Assert.Equal($"act tick={tick} hand_x=1.250cm hand_y=-3.500cm", Says());

    public void SaysThatStarts(string start) => Assert.StartsWith(start, Says(), StringComparison.Ordinal);

    /// <summary>Later messages come from another run or model.</summary>
    public void ChangeSender(string run, string hash) => _writer = NewWriter(run, hash);

    public byte[] Message(TickAnswer answer, float x = 1.25f) => _buffer[.._writer.Write(answer, [x, -3.5f], _buffer)];

    public void Send(TickAnswer answer, float x = 1.25f) => Send("send", Message(answer, x));

    /// <summary>Publishes a payload: command "send" under our topic, "other" under one that only begins with ours.</summary>
    public void Send(string command, byte[] payload)
    {
        _publisher.WriteLine($"{command} {Convert.ToHexString(payload)}");
        _publisher.Expect("sent");
    }

    /// <summary>Ends the publisher as a crash would.</summary>
    public void KillPublisher() => _publisher.Kill();

    public void Dispose()
    {
        _client.Dispose();
        _publisher.Dispose();
    }

    private static PredictionMessageWriter NewWriter(string run, string hash) =>
        new(run, "wiener", hash, [new OutputChannel("hand_x", "cm"), new OutputChannel("hand_y", "cm")], 30_000, 0);
}
