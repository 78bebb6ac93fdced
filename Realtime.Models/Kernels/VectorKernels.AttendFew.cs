using System.Runtime.CompilerServices;

namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    private static void AttendFew(in SegmentAttention segment, int head)
    {
        var (keys, dim) = (segment.Keys, segment.HeadDim);
        var column = head * dim;
        for (var query = 0; query < segment.Queries; query++)
        {
            var weights = segment.Kept is null ? segment.Scratch : segment.Kept + ((nint)head * segment.Queries + query) * keys;
            Dots(segment.Query + query * segment.QueryStride + column, dim, segment.Key + column, segment.KeyStride, keys, segment.Scale, weights);
            AddMask(in segment, query, 0, weights, keys);
            SoftmaxRow(weights, keys);
            if (segment.Draw.Drops)
            {
                var used = segment.Scratch + keys;
                new ReadOnlySpan<float>(weights, keys).CopyTo(new Span<float>(used, keys));
                DropRow(used, keys, segment.Draw, Place(in segment, head, query, 0));
                weights = used;
            }

            WeightedSum(weights, keys, segment.Value + column, segment.ValueStride, dim, segment.Output + query * segment.OutputStride + column, accumulate: false);
        }
    }

    private static void AttendFewGradient(in SegmentAttention segment, int head)
    {
        var (keys, dim) = (segment.Keys, segment.HeadDim);
        var column = head * dim;
        var flowed = segment.Scratch;
        var used = flowed + keys;
        for (var query = 0; query < segment.Queries; query++)
        {
            var weights = segment.Kept + ((nint)head * segment.Queries + query) * keys;
            var flow = segment.OutputGradient + query * segment.OutputStride + column;
            Dots(flow, dim, segment.Value + column, segment.ValueStride, keys, 1, flowed);
            new ReadOnlySpan<float>(weights, keys).CopyTo(new Span<float>(used, keys));
            if (segment.Draw.Drops)
            {
                var place = Place(in segment, head, query, 0);
                DropRow(used, keys, segment.Draw, place);
                DropRow(flowed, keys, segment.Draw, place);
            }

            if (segment.ValueGradient is not null) AddOuter(used, keys, flow, dim, segment.ValueGradient + column, segment.ValueStride);
            SoftmaxGradient(weights, flowed, keys, segment.Scale);
            var place0 = query * segment.QueryStride + column;
            if (segment.QueryGradient is not null) WeightedSum(flowed, keys, segment.Key + column, segment.KeyStride, dim, segment.QueryGradient + place0, accumulate: true);
            if (segment.KeyGradient is not null) AddOuter(flowed, keys, segment.Query + place0, dim, segment.KeyGradient + column, segment.KeyStride);
        }
    }

    /// <summary>Products of one row with each of many, scaled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Dots(float* x, int dim, float* rows, nint stride, int count, float scale, float* dots)
    {
        var row = 0;
        for (; row + 4 <= count; row += 4, rows += 4 * stride)
        {
            float* rows1 = rows + stride, rows2 = rows1 + stride, rows3 = rows2 + stride;
            TLanes sum0 = TLanes.Zero, sum1 = TLanes.Zero, sum2 = TLanes.Zero, sum3 = TLanes.Zero;
            for (var i = 0; i < dim; i += TLanes.Count)
            {
                var left = dim - i;
                var own = Read(x + i, left);
                sum0 = TLanes.MultiplyAdd(own, Read(rows + i, left), sum0);
                sum1 = TLanes.MultiplyAdd(own, Read(rows1 + i, left), sum1);
                sum2 = TLanes.MultiplyAdd(own, Read(rows2 + i, left), sum2);
                sum3 = TLanes.MultiplyAdd(own, Read(rows3 + i, left), sum3);
            }

            dots[row] = scale * TLanes.Sum(sum0);
            dots[row + 1] = scale * TLanes.Sum(sum1);
            dots[row + 2] = scale * TLanes.Sum(sum2);
            dots[row + 3] = scale * TLanes.Sum(sum3);
        }

        for (; row < count; row++, rows += stride) dots[row] = scale * Dot(x, rows, dim);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot(float* x, float* y, int dim)
    {
        var sum = TLanes.Zero;
        for (var i = 0; i < dim; i += TLanes.Count) sum = TLanes.MultiplyAdd(Read(x + i, dim - i), Read(y + i, dim - i), sum);
        return TLanes.Sum(sum);
    }

    /// <summary>Σ weight × row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WeightedSum(float* weights, int count, float* rows, nint stride, int dim, float* sum, bool accumulate)
    {
        var i = 0;
        for (; i <= dim - 4 * TLanes.Count; i += 4 * TLanes.Count)
        {
            TLanes sum0 = TLanes.Zero, sum1 = TLanes.Zero, sum2 = TLanes.Zero, sum3 = TLanes.Zero;
            var from = rows + i;
            for (var row = 0; row < count; row++, from += stride)
            {
                var weight = TLanes.Broadcast(weights[row]);
                sum0 = TLanes.MultiplyAdd(weight, TLanes.Load(from), sum0);
                sum1 = TLanes.MultiplyAdd(weight, TLanes.Load(from + TLanes.Count), sum1);
                sum2 = TLanes.MultiplyAdd(weight, TLanes.Load(from + 2 * TLanes.Count), sum2);
                sum3 = TLanes.MultiplyAdd(weight, TLanes.Load(from + 3 * TLanes.Count), sum3);
            }

            Put(sum + i, sum0, TLanes.Count, accumulate);
            Put(sum + i + TLanes.Count, sum1, TLanes.Count, accumulate);
            Put(sum + i + 2 * TLanes.Count, sum2, TLanes.Count, accumulate);
            Put(sum + i + 3 * TLanes.Count, sum3, TLanes.Count, accumulate);
        }

        for (; i < dim; i += TLanes.Count)
        {
            var left = dim - i;
            var total = TLanes.Zero;
            for (var row = 0; row < count; row++) total = TLanes.MultiplyAdd(TLanes.Broadcast(weights[row]), Read(rows + row * stride + i, left), total);
            Put(sum + i, total, left, accumulate);
        }
    }

    /// <summary>Adds weight × x to each of many rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddOuter(float* weights, int count, float* x, int dim, float* rows, nint stride)
    {
        for (var row = 0; row < count; row++, rows += stride)
        {
            var weight = TLanes.Broadcast(weights[row]);
            for (var i = 0; i < dim; i += TLanes.Count)
                Write(rows + i, TLanes.MultiplyAdd(weight, Read(x + i, dim - i), Read(rows + i, dim - i)), dim - i);
        }
    }

    /// <summary>flowed = weight (flowed - Σ weight flowed) × scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SoftmaxGradient(float* weights, float* flowed, int count, float scale)
    {
        var (share, scales) = (TLanes.Broadcast(Dot(weights, flowed, count)), TLanes.Broadcast(scale));
        for (var i = 0; i < count; i += TLanes.Count)
        {
            var left = count - i;
            var away = TLanes.Subtract(Read(flowed + i, left), share);
            Write(flowed + i, TLanes.Multiply(TLanes.Multiply(Read(weights + i, left), away), scales), left);
        }
    }
}
