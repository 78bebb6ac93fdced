namespace Realtime.Models.Kernels;

internal sealed unsafe partial class VectorKernels<TLanes>
{
    public override int AttentionScratch(int keys, int headDim) => keys;

    public override void Attend(in AttentionShape shape, ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, ReadOnlySpan<float> keyBias, Span<float> output, Span<float> scratch)
    {
        var scores = scratch[..shape.Keys];
        for (var head = 0; head < shape.Heads; head++)
        {
            var first = head * shape.HeadDim;
            for (var query = 0; query < shape.Queries; query++)
            {
                var row = q.Slice(query * shape.QueryStride + first, shape.HeadDim);
                for (var key = 0; key < shape.Keys; key++)
                {
                    var other = k.Slice(key * shape.KeyStride + first, shape.HeadDim);
                    var sum = keyBias.Length > 0 ? keyBias[key] : 0f;
                    for (var i = 0; i < shape.HeadDim; i++) sum += row[i] * other[i];
                    scores[key] = sum;
                }

                Softmax(scores, 1, shape.Keys);
                var result = output.Slice(query * shape.OutputStride + first, shape.HeadDim);
                result.Clear();
                for (var key = 0; key < shape.Keys; key++)
                    for (var i = 0; i < shape.HeadDim; i++) result[i] += scores[key] * v[key * shape.ValueStride + first + i];
            }
        }
    }
}
