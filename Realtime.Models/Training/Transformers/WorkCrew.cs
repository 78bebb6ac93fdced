using System.Runtime.ExceptionServices;

namespace Realtime.Models.Training.Transformers;

/// <summary>Threads that share numbered pieces of work and sleep in between. One caller at a time, who works along.</summary>
public sealed class WorkCrew : IDisposable
{
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CountdownEvent _home = new(1);
    private Action<int> _work = _ => { };
    private Exception?[] _failures = [];
    private int _next;
    private volatile bool _stop;

    /// <param name="threads">All, the caller's included; at least 1.</param>
    public WorkCrew(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        _threads = [.. Enumerable.Range(1, threads - 1).Select(index => new Thread(Loop) { Name = $"training {index}", IsBackground = true })];
        foreach (var thread in _threads) thread.Start();
    }

    /// <summary>Threads, the caller's included.</summary>
    public int Count => _threads.Length + 1;

    /// <summary>Does pieces 0 to <paramref name="pieces"/> - 1, each once, in any order and on any thread, and returns when all are done.</summary>
    /// <exception cref="Exception">What the failing piece of the lowest number threw.</exception>
    public void Run(int pieces, Action<int> work)
    {
        (_work, _failures, _next) = (work, new Exception?[pieces], 0);
        var helpers = Math.Clamp(pieces - 1, 0, _threads.Length);
        _home.Reset(helpers + 1);
        if (helpers > 0) _wake.Release(helpers);
        WorkAlong();
        _home.Wait();
        if (_failures.FirstOrDefault(failure => failure is not null) is { } first) ExceptionDispatchInfo.Throw(first);
    }

    public void Dispose()
    {
        _stop = true;
        if (_threads.Length > 0) _wake.Release(_threads.Length);
        foreach (var thread in _threads) thread.Join();
        _wake.Dispose();
        _home.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            _wake.Wait();
            if (_stop) return;
            WorkAlong();
        }
    }

    private void WorkAlong()
    {
        for (var piece = Interlocked.Increment(ref _next) - 1; piece < _failures.Length; piece = Interlocked.Increment(ref _next) - 1)
        {
            try
            {
                _work(piece);
            }
            catch (Exception failure)
            {
                _failures[piece] = failure;
            }
        }

        _home.Signal();
    }
}
