using BenchmarkDotNet.Attributes;
using Realtime.Engine.Events;
using Realtime.Engine.Rings;

namespace Realtime.Benchmarks.Rings;

/// <summary>Time for each spike event through the ring between the receiving and the decode thread.</summary>
[MemoryDiagnoser]
public class SpscRingBenchmarks
{
    private const int Capacity = 1 << 12;

    /// <summary>Events of one hand-over between threads; enough that starting it is a small part.</summary>
    private const int Events = 1 << 20;

    private readonly SpikeEvent[] _drained = new SpikeEvent[Capacity];
    private SpscRing<SpikeEvent> _ring = null!;
    private Thread _producer = null!;
    private SemaphoreSlim _go = null!;
    private volatile bool _stop;

    [GlobalSetup]
    public void Setup()
    {
        _ring = new SpscRing<SpikeEvent>(Capacity);
        _go = new SemaphoreSlim(0);
        _stop = false;
        _producer = new Thread(Produce) { IsBackground = true, Name = "producer" };
        _producer.Start();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _stop = true;
        _go.Release();
        _producer.Join();
        _go.Dispose();
    }

    /// <summary>One thread writes and reads in turns: the instructions alone, without contention.</summary>
    [Benchmark(OperationsPerInvoke = Capacity)]
    public long WriteThenReadOnOneThread()
    {
        long sum = 0;
        for (var i = 0; i < Capacity; i++)
        {
            _ring.TryWrite(SpikeEvent.Spike(i, i & 255, i));
            if (_ring.TryRead(out var item)) sum += item.Sample;
        }

        return sum;
    }

    /// <summary>One thread fills the ring, then drains it in one call.</summary>
    [Benchmark(OperationsPerInvoke = Capacity)]
    public int FillThenDrainOnOneThread()
    {
        for (var i = 0; i < Capacity; i++) _ring.TryWrite(SpikeEvent.Spike(i, i & 255, i));
        return _ring.Drain(_drained);
    }

    /// <summary>Two threads: the producer writes as fast as there is room, this one takes events one by one.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public long BetweenThreadsReadOneByOne()
    {
        _go.Release();
        long sum = 0;
        for (var taken = 0; taken < Events;)
        {
            if (!_ring.TryRead(out var item))
            {
                Thread.SpinWait(1);
                continue;
            }

            sum += item.Sample;
            taken++;
        }

        return Checked(sum);
    }

    /// <summary>Two threads: this one drains all that waits, as the decode loop does.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public long BetweenThreadsDrained()
    {
        _go.Release();
        long sum = 0;
        for (var taken = 0; taken < Events;)
        {
            var count = _ring.Drain(_drained);
            foreach (ref readonly var item in _drained.AsSpan(0, count)) sum += item.Sample;
            taken += count;
            if (count == 0) Thread.SpinWait(1);
        }

        return Checked(sum);
    }

    private static long Checked(long sum) =>
        sum == (long)Events * (Events - 1) / 2 ? sum : throw new InvalidOperationException($"Events were lost: the sum is {sum}.");

    private void Produce()
    {
        while (true)
        {
            _go.Wait();
            if (_stop) return;
            for (var i = 0; i < Events;)
            {
                if (_ring.TryWrite(SpikeEvent.Spike(i, i & 255, i))) i++;
                else Thread.SpinWait(1);
            }
        }
    }
}
