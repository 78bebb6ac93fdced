using Realtime.Engine.Threads;

namespace Realtime.Models.Kernels;

/// <summary>
/// The calling thread and, where asked for, one more that computes with it. Between <see cref="Begin"/> and <see cref="End"/> the second thread
/// polls for work, so that a hand-over costs well under a microsecond; outside it sleeps. Allocates nothing after construction.
/// One caller at a time. NB: when the system takes the second core away, the caller waits for it: use two threads on a core of their own only.
/// </summary>
public sealed class ComputeTeam : IDisposable
{
    // Yielding now and then lets a helper on the same core go on; a dedicated core never gets that far between two hand-overs.
    private const int PollsPerYield = 4096;
    private const int SleepMs = 1000;

    private readonly Thread? _thread;
    private readonly WakeSignal _wake = new();
    private readonly int? _cpu;
    private IReadOnlyList<string> _placementProblems = [];
    private Action<int>? _work;
    private int _given;
    private int _done;
    private bool _active;
    private bool _stop;
    private Exception? _failure;

    /// <param name="threads">1 or 2, the caller included.</param>
    /// <param name="cpu">Core of the second thread, or null.</param>
    public ComputeTeam(int threads, int? cpu = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 2);
        Count = threads;
        _cpu = cpu;
        if (threads == 1) return;
        _thread = new Thread(Loop) { Name = "compute", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Threads that share the work.</summary>
    public int Count { get; }

    /// <summary>What the system refused when the second thread was placed; empty when all was done.</summary>
    public IReadOnlyList<string> PlacementProblems => Volatile.Read(ref _placementProblems);

    /// <summary>Wakes the second thread.</summary>
    public void Begin()
    {
        if (_thread is null) return;
        Volatile.Write(ref _active, true);
        _wake.Set();
    }

    /// <summary>Lets the second thread sleep.</summary>
    public void End()
    {
        if (_thread is not null) Volatile.Write(ref _active, false);
    }

    /// <summary>Calls <paramref name="work"/>(0) here and work(1) on the second thread, and returns when both are done.</summary>
    /// <param name="work">Keep the delegate; making one allocates.</param>
    public void Run(Action<int> work)
    {
        if (_thread is null)
        {
            work(0);
            return;
        }

        _work = work;
        var given = _given + 1;
        Volatile.Write(ref _given, given);
        work(0);
        for (var polls = 1; Volatile.Read(ref _done) != given; polls++) Pause(polls);
        if (_failure is { } failure) throw new InvalidOperationException("The second compute thread failed.", failure);
    }

    public void Dispose()
    {
        if (_thread is null) return;
        Volatile.Write(ref _stop, true);
        Volatile.Write(ref _active, true);
        _wake.Set();
        _thread.Join();
        _wake.Dispose();
    }

    private static void Pause(int polls)
    {
        if (polls % PollsPerYield == 0) Thread.Yield();
        else Thread.SpinWait(1);
    }

    private void Loop()
    {
        if (_cpu is not null) Volatile.Write(ref _placementProblems, ThreadPlacement.Apply(_cpu, ThreadPriorityLevel.Normal));
        var polls = 0;
        while (!Volatile.Read(ref _stop))
        {
            var given = Volatile.Read(ref _given);
            if (given != _done)
            {
                Work(given);
                polls = 0;
            }
            else if (Volatile.Read(ref _active)) Pause(++polls);
            else Sleep();
        }
    }

    private void Work(int given)
    {
        try
        {
            _work!(1);
        }
        catch (Exception error)
        {
            _failure = error;
        }

        Volatile.Write(ref _done, given);
    }

    private void Sleep()
    {
        _wake.PrepareToSleep();
        if (Volatile.Read(ref _active) || Volatile.Read(ref _stop) || Volatile.Read(ref _given) != _done) _wake.CancelSleep();
        else _wake.Sleep(SleepMs);
    }
}
