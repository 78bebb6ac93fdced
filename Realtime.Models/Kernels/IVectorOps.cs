namespace Realtime.Models.Kernels;

/// <summary>What the innermost loops of the product do with a vector of float32 numbers.</summary>
/// <typeparam name="TVector">The vector.</typeparam>
internal unsafe interface IVectorOps<TVector>
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Count { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Load(float* address);

    static abstract void Store(float* address, TVector value);

    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a × b + c, rounded once.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The bfloat16 in the lower half of each number's bits.</summary>
    static abstract TVector LowHalves(TVector words);

    /// <summary>The bfloat16 in the upper half of each number's bits.</summary>
    static abstract TVector HighHalves(TVector words);

    /// <summary>Asks for a line of the cache without waiting for it; any address.</summary>
    static abstract void Prefetch(float* address);

    /// <summary>The same into the second-level cache only: for what is not read soon, and would drive out of the first one what is.</summary>
    static abstract void PrefetchFar(float* address);
}
