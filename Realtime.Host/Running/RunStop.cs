using System.Runtime.InteropServices;

namespace Realtime.Host.Running;

/// <summary>Waits for the end of a run: a signal of the operating system, or a reason found by the program. The first one counts.</summary>
public sealed class RunStop : IDisposable
{
    private readonly ManualResetEventSlim _stopped = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private string? _reason;

    /// <param name="listenToSignals">False in tests and where the process must end by itself.</param>
    public RunStop(bool listenToSignals)
    {
        if (!listenToSignals) return;
        Listen(PosixSignal.SIGINT, Interrupted);
        Listen(PosixSignal.SIGTERM, Terminated);
        Listen(PosixSignal.SIGHUP, Terminated);
    }

    public const string Interrupted = "interrupted";
    public const string Terminated = "terminated";
    public const string Duration = "duration";
    public const string SourceEnded = "source_ended";
    public const string NoData = "no_data";
    public const string DecoderFailed = "decoder_failed";

    /// <summary>Why the run ends, or null while it goes on.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    public void Request(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null) _stopped.Set();
    }

    /// <summary>Waits that long; true once the run is to end.</summary>
    public bool Wait(TimeSpan time) => _stopped.Wait(time);

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
        _stopped.Dispose();
    }

    private void Listen(PosixSignal signal, string reason)
    {
        _signals.Add(PosixSignalRegistration.Create(signal, context =>
        {
            // NB: cancelled, so that the process lives on until its files are complete.
            context.Cancel = true;
            Request(reason);
        }));
    }
}
