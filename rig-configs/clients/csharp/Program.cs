using System.Globalization;
using Realtime.Acquisition.Predictions;
using Realtime.Acquisition.ZeroMq;
using Realtime.Engine.Answers;
using Realtime.Engine.Time;

// Receives the decoder's predictions and acts only on those that are safe to act on. The decoder runs on this same machine.
//     dotnet run --project rig-configs/clients/csharp -- tcp://127.0.0.1:5599 9f86d081... [max age, ms] [silence, ms]
// The message is described in docs/prediction-message.md. Put your own code into Act and GoSafe.
if (args.Length < 2 || !ZmtpEndpoint.TryParse(args[0], out var endpoint, out _))
{
    Console.Error.WriteLine("usage: PredictionClient tcp://HOST:PORT MODEL_HASH [MAX_AGE_MS] [SILENCE_MS]");
    return 2;
}

var modelHash = args[1];
var maxAgeNs = Milliseconds(2, 100) * 1_000_000L;
var silenceMs = Milliseconds(3, 250);
var received = new ZmtpMessage();
var message = new PredictionMessage();
var (run, lastTick) = ("", -1L);
var stop = false;
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    Volatile.Write(ref stop, true);
};

using var socket = new SubSocket(endpoint);
socket.Subscribe(PredictionSchema.Topic);
GoSafe("start");
var heardNs = MonotonicClock.Instance.NowNs;
while (!Volatile.Read(ref stop))
{
    var leftMs = silenceMs - (int)((MonotonicClock.Instance.NowNs - heardNs) / 1_000_000);
    var status = leftMs > 0 ? socket.Receive(received, leftMs) : ReceiveStatus.Timeout;
    if (status != ReceiveStatus.Message)
    {
        GoSafe(status == ReceiveStatus.Timeout ? $"silence for {silenceMs} ms" : $"no connection to {endpoint}");
        heardNs = MonotonicClock.Instance.NowNs;
        continue;
    }

    // Act on the newest only: a queue that built up is old news. A subscription also lets longer topics through.
    var heard = false;
    string? reason = null;
    do
    {
        if (received.FrameCount != 2 || !received[0].SequenceEqual(PredictionSchema.Topic)) continue;
        heard = true;
        reason = Read(received[1]);
    }
    while (socket.Receive(received, 0) == ReceiveStatus.Message);

    if (!heard) continue;
    heardNs = MonotonicClock.Instance.NowNs;
    if (reason is null) Act();
    else GoSafe(reason);
}

GoSafe("stop");
return 0;

// Uses a prediction that passed every check.
void Act()
{
    var text = $"act tick={message.Answer.Tick}";
    for (var i = 0; i < message.Count; i++)
        text += string.Create(CultureInfo.InvariantCulture, $" {message.Name(i)}={message.Values[i]:F3}{message.Unit(i)}");
    Console.WriteLine(text);
}

// Brings whatever this program drives to its safe state. Called again and again while the reason lasts.
void GoSafe(string reason) => Console.WriteLine($"safe {reason}");

// Reads a message; null when it may be acted on, otherwise the reason against it.
string? Read(ReadOnlySpan<byte> payload)
{
    if (!PredictionMessageReader.TryRead(payload, message, out var error)) return $"unreadable message: {error}";
    var answer = message.Answer;
    if (message.Run != run) (run, lastTick) = (message.Run, answer.Tick - 1);
    if (answer.Tick != lastTick + 1) Console.WriteLine($"missed {answer.Tick - lastTick - 1} messages");
    lastTick = answer.Tick;
    if (answer.Status != AnswerStatus.Fresh) return $"status {answer.Status}";
    if (message.ModelHash != modelHash) return $"model {message.Model} has hash {message.ModelHash}, expected {modelHash}";

    // By the clock that the decoder reads too: transport and queueing are included.
    var ageNs = message.AgeAt(MonotonicClock.Instance.NowNs);
    if (ageNs > maxAgeNs)
        return string.Create(CultureInfo.InvariantCulture, $"data are {ageNs / 1e6:F1} ms old, allowed are {maxAgeNs / 1e6}");
    foreach (var value in message.Values)
    {
        if (!float.IsFinite(value)) return "a value is missing or not finite";
    }

    return null;
}

int Milliseconds(int argument, int otherwise) =>
    args.Length > argument ? int.Parse(args[argument], NumberStyles.None, CultureInfo.InvariantCulture) : otherwise;
