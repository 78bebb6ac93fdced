using Realtime.Engine.Threads;
using Realtime.Engine.Time;

namespace Realtime.Engine.Ticks;

/// <summary>The one thread that owns a <see cref="DecodeLoop"/>, from start to stop.</summary>
public sealed class DecodeThread : IDisposable
{
    private readonly DecodeLoop _loop;
    private readonly IClock _clock;
    private readonly IWaitStrategy _wait;
    private readonly Func<bool> _hasWork;
    private readonly Thread _thread;
    private readonly int? _cpu;
    private readonly ThreadPriorityLevel _priority;
    private readonly ManualResetEventSlim _running = new();
    private volatile bool _stop;

    /// <param name="loop">The logic; not to be used by others between start and stop.</param>
    /// <param name="inputs">The same streams as the loop's, to look for waiting events.</param>
    /// <param name="clock">Host time.</param>
    /// <param name="wait">What to do when idle.</param>
    /// <param name="cpu">Core to pin to, or null.</param>
    /// <param name="priority">Priority to ask for.</param>
    public DecodeThread(DecodeLoop loop, IReadOnlyList<StreamInput> inputs, IClock clock, IWaitStrategy wait, int? cpu, ThreadPriorityLevel priority)
    {
        _loop = loop;
        _clock = clock;
        _wait = wait;
        _cpu = cpu;
        _priority = priority;
        var rings = inputs.Select(input => input.Ring).ToArray();
        _hasWork = () =>
        {
            foreach (var ring in rings)
                if (ring.Count > 0) return true;
            return _stop || _loop.HasFrames;
        };
        _thread = new Thread(Run) { Name = "decode", IsBackground = true };
    }

    /// <summary>What the system refused when the thread was placed; complete once <see cref="Start"/> has returned.</summary>
    public IReadOnlyList<string> PlacementProblems { get; private set; } = [];

    /// <summary>The exception that ended the thread, if one did.</summary>
    public Exception? Failure { get; private set; }

    public bool IsRunning => _thread.IsAlive;

    public void Start()
    {
        _thread.Start();
        _running.Wait();
    }

    /// <summary>Handles what is still in the rings, closes the books and ends the thread. Stop the receiving threads first.</summary>
    public void Stop()
    {
        _stop = true;
        _thread.Join();
    }

    public void Dispose()
    {
        if (_thread.IsAlive) Stop();
        _running.Dispose();
    }

    private void Run()
    {
        PlacementProblems = ThreadPlacement.Apply(_cpu, _priority);
        _running.Set();
        try
        {
            var idleSinceNs = _clock.NowNs;
            while (!_stop)
            {
                var nowNs = _clock.NowNs;
                if (_loop.Step(nowNs)) idleSinceNs = nowNs;
                else _wait.Wait(nowNs - idleSinceNs, Math.Max(0, _loop.NextDueNs - nowNs), _hasWork);
            }

            while (_loop.Step(_clock.NowNs))
            {
            }

            _loop.Finish();
        }
        catch (Exception failure)
        {
            // The thread that starts and stops the run reports it; an unhandled exception here would end the process without its report.
            Failure = failure;
        }
    }
}
