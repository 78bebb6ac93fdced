using System.Numerics;
using System.Runtime.CompilerServices;

namespace Realtime.Engine.Rings;

/// <summary>
/// Lock-free ring between exactly one producer thread and one consumer thread. Nothing is allocated after construction.
/// Each side caches the other's cursor, so that an uncontended call touches no shared cache line.
/// </summary>
/// <remarks>Design after the single-producer single-consumer sequences of the LMAX Disruptor and Lamport's queue.</remarks>
public sealed class SpscRing<T>
    where T : unmanaged
{
    private readonly T[] _slots;
    private readonly int _mask;
    private RingCursors _cursors;

    /// <param name="capacity">Slots, a power of two between 2 and 2^26.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is no power of two, or outside its range.</exception>
    public SpscRing(int capacity)
    {
        if (capacity is < 2 or > (1 << 26) || !BitOperations.IsPow2(capacity))
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "A ring's capacity must be a power of two from 2 to 67108864.");
        _slots = GC.AllocateArray<T>(capacity, pinned: true);
        _mask = capacity - 1;
    }

    public int Capacity => _slots.Length;

    /// <summary>Items waiting. Exact on either of the two threads when the other rests; a snapshot otherwise.</summary>
    public int Count => (int)(Volatile.Read(ref _cursors.Written) - Volatile.Read(ref _cursors.Read));

    /// <summary>Adds one item. Producer thread only. False when the ring is full: the caller counts the loss.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWrite(in T item)
    {
        var written = _cursors.Written;
        if (written - _cursors.ReadSeenByProducer == _slots.Length)
        {
            _cursors.ReadSeenByProducer = Volatile.Read(ref _cursors.Read);
            if (written - _cursors.ReadSeenByProducer == _slots.Length) return false;
        }

        _slots[(int)written & _mask] = item;
        Volatile.Write(ref _cursors.Written, written + 1);
        return true;
    }

    /// <summary>Takes one item. Consumer thread only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out T item)
    {
        var read = _cursors.Read;
        if (read == _cursors.WrittenSeenByConsumer)
        {
            _cursors.WrittenSeenByConsumer = Volatile.Read(ref _cursors.Written);
            if (read == _cursors.WrittenSeenByConsumer)
            {
                item = default;
                return false;
            }
        }

        item = _slots[(int)read & _mask];
        Volatile.Write(ref _cursors.Read, read + 1);
        return true;
    }

    /// <summary>Moves as many waiting items as fit into <paramref name="destination"/>, oldest first. Consumer thread only.</summary>
    /// <returns>The number of items moved.</returns>
    public int Drain(Span<T> destination)
    {
        var read = _cursors.Read;
        _cursors.WrittenSeenByConsumer = Volatile.Read(ref _cursors.Written);
        var count = (int)Math.Min(_cursors.WrittenSeenByConsumer - read, destination.Length);
        if (count <= 0) return 0;
        var start = (int)read & _mask;
        var first = Math.Min(count, _slots.Length - start);
        _slots.AsSpan(start, first).CopyTo(destination);
        _slots.AsSpan(0, count - first).CopyTo(destination[first..]);
        Volatile.Write(ref _cursors.Read, read + count);
        return count;
    }
}
